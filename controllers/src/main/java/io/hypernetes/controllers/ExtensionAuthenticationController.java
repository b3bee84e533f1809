package io.hypernetes.controllers;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.ChangeFeed;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.controllerruntime.Controller;
import io.hypernetes.controllerruntime.FeedReader;
import io.hypernetes.controllerruntime.Reconciler;

import tools.jackson.databind.node.ObjectNode;

import java.util.Optional;

/**
 * Tells the extension servers of every world whom to believe about who asks: the config map {@code
 * extension-apiserver-authentication} in {@code kube-system}, and the Role that may read it.
 */
public final class ExtensionAuthenticationController
        implements Reconciler<Tenant>, FeedReader.Listener, AutoCloseable {

    private static final String NAMESPACE = "kube-system";
    private static final String CONFIG = "extension-apiserver-authentication";
    private static final String READER = "extension-apiserver-authentication-reader";
    private static final int WORKERS = 1;

    /**
     * What extension servers are told, as PEM.
     *
     * @param frontProxyAuthority of this server's own client certificate
     * @param frontProxyName its common name
     * @param clientAuthority of users' certificates; told in the operator's world alone, since a
     *     server that knew it would take the users of all tenants for its own
     */
    public record Authorities(
            String frontProxyAuthority, String frontProxyName, String clientAuthority) {}

    private final Client client;
    private final Authorities authorities;
    private final Controller<Tenant> controller;

    /**
     * @param reader of the change feed; the caller starts it afterwards
     */
    public ExtensionAuthenticationController(
            Client client, Authorities authorities, FeedReader reader) {
        this.client = client;
        this.authorities = authorities;
        this.controller = new Controller<>("extension-authentication", WORKERS, this);
        reader.listen(this);
    }

    public ExtensionAuthenticationController start() {
        controller.start();
        return this;
    }

    @Override
    public void close() {
        controller.close();
    }

    @Override
    public void seen(ChangeFeed.Item item) {
        ObjectKey key = item.key();
        boolean world =
                item.resource().equals(BuiltinTypes.NAMESPACES.id())
                        && key.name().equals(NAMESPACE)
                        && !item.gone();
        boolean ours =
                key.namespace().equals(NAMESPACE)
                        && (key.name().equals(CONFIG) || key.name().equals(READER));
        if (world || ours) {
            controller.enqueue(key.tenant());
        }
    }

    @Override
    public Result reconcile(Tenant tenant) {
        Optional<ObjectNode> namespace =
                client.find(BuiltinTypes.NAMESPACES, new ObjectKey(tenant, "", NAMESPACE));
        if (namespace.isPresent() && !Metadata.isBeingDeleted(namespace.get())) {
            keep(BuiltinTypes.CONFIG_MAPS, tenant, CONFIG, "data", config(tenant));
            keep(BuiltinTypes.ROLES, tenant, READER, "rules", role());
        }
        return DONE;
    }

    private void keep(
            ResourceType type, Tenant tenant, String name, String field, ObjectNode wanted) {
        ObjectKey key = new ObjectKey(tenant, NAMESPACE, name);
        Optional<ObjectNode> known = client.find(type, key);
        if (known.isEmpty()) {
            wanted.withObjectProperty("metadata").put("namespace", NAMESPACE).put("name", name);
            client.create(type, tenant, wanted);
        } else if (!Json.same(known.get().path(field), wanted.path(field))) {
            ObjectNode repaired = known.get();
            repaired.set(field, wanted.get(field));
            client.update(type, tenant, repaired);
        }
    }

    private ObjectNode config(Tenant tenant) {
        ObjectNode config = Json.object();
        ObjectNode data = config.putObject("data");
        if (tenant.isSystem()) {
            data.put("client-ca-file", authorities.clientAuthority());
        }
        data.put("requestheader-allowed-names", names(authorities.frontProxyName()))
                .put("requestheader-client-ca-file", authorities.frontProxyAuthority())
                .put("requestheader-extra-headers-prefix", names("X-Remote-Extra-"))
                .put("requestheader-group-headers", names("X-Remote-Group"))
                .put("requestheader-uid-headers", names("X-Remote-Uid"))
                .put("requestheader-username-headers", names("X-Remote-User"));
        return config;
    }

    private static String names(String name) {
        return "[\"" + name + "\"]";
    }

    private static ObjectNode role() {
        ObjectNode role = Json.object();
        Metadata.ensureLabels(role).put("kubernetes.io/bootstrapping", "rbac-defaults");
        Metadata.ensureAnnotations(role).put("rbac.authorization.kubernetes.io/autoupdate", "true");
        ObjectNode rule = role.putArray("rules").addObject();
        rule.putArray("apiGroups").add("");
        rule.putArray("resourceNames").add(CONFIG);
        rule.putArray("resources").add("configmaps");
        rule.putArray("verbs").add("get").add("list").add("watch");
        return role;
    }
}
