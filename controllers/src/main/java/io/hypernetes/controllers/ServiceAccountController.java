package io.hypernetes.controllers;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.client.Selection;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.controllerruntime.Controller;
import io.hypernetes.controllerruntime.Informer;
import io.hypernetes.controllerruntime.Reconciler;

import tools.jackson.databind.node.ObjectNode;

import java.util.Optional;
import java.util.stream.Stream;

/**
 * What every namespace has: the service account {@code default}, and a config map with the
 * certificate by which pods know the API server.
 */
public final class ServiceAccountController implements Reconciler<ObjectKey>, AutoCloseable {

    static final String ACCOUNT = "default";
    static final String ROOT_CERTIFICATE = "kube-root-ca.crt";

    private static final int WORKERS = 2;
    private static final String FILE = "ca.crt";

    private final Client client;
    private final String certificatePem;
    private final Informer namespaces;
    private final Informer accounts;
    private final Informer certificates;
    private final Controller<ObjectKey> controller;

    /**
     * @param certificatePem of the authority that signed the server's certificate
     */
    public ServiceAccountController(Client client, String certificatePem) {
        this.client = client;
        this.certificatePem = certificatePem;
        this.namespaces = new Informer(client, BuiltinTypes.NAMESPACES).lean();
        this.accounts = named(client, BuiltinTypes.SERVICE_ACCOUNTS, ACCOUNT);
        this.certificates = named(client, BuiltinTypes.CONFIG_MAPS, ROOT_CERTIFICATE);
        this.controller =
                Controller.of("service-account", WORKERS, namespaces, this)
                        .watchKeys(accounts, key -> namespaceOf(key, ACCOUNT))
                        .watchKeys(certificates, key -> namespaceOf(key, ROOT_CERTIFICATE));
    }

    public ServiceAccountController start() {
        controller.start();
        return this;
    }

    @Override
    public void close() {
        controller.close();
        namespaces.close();
        accounts.close();
        certificates.close();
    }

    @Override
    public Result reconcile(ObjectKey key) {
        Optional<ObjectNode> namespace = namespaces.get(key);
        if (namespace.isEmpty() || Metadata.isBeingDeleted(namespace.get())) {
            return DONE;
        }
        ObjectKey account = new ObjectKey(key.tenant(), key.name(), ACCOUNT);
        if (accounts.get(account).isEmpty()) {
            client.create(BuiltinTypes.SERVICE_ACCOUNTS, key.tenant(), object(account));
        }
        ensureCertificate(new ObjectKey(key.tenant(), key.name(), ROOT_CERTIFICATE));
        return DONE;
    }

    private void ensureCertificate(ObjectKey key) {
        Optional<ObjectNode> known = certificates.get(key);
        if (known.isEmpty()) {
            ObjectNode config = object(key);
            config.putObject("data").put(FILE, certificatePem);
            client.create(BuiltinTypes.CONFIG_MAPS, key.tenant(), config);
        } else if (!known.get().path("data").path(FILE).asString("").equals(certificatePem)) {
            ObjectNode config = known.get().deepCopy();
            config.putObject("data").put(FILE, certificatePem);
            client.update(BuiltinTypes.CONFIG_MAPS, key.tenant(), config);
        }
    }

    private static Informer named(Client client, io.hypernetes.api.ResourceType type, String name) {
        return new Informer(client, type, Selection.EVERYTHING.withFields("metadata.name=" + name))
                .lean();
    }

    private static Stream<ObjectKey> namespaceOf(ObjectKey key, String name) {
        return key.name().equals(name)
                ? Stream.of(new ObjectKey(key.tenant(), "", key.namespace()))
                : Stream.empty();
    }

    private static ObjectNode object(ObjectKey key) {
        ObjectNode object = Json.object();
        object.putObject("metadata").put("namespace", key.namespace()).put("name", key.name());
        return object;
    }
}
