package io.hypernetes.embedded;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.GroupResource;
import io.hypernetes.api.GroupVersionKind;
import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.Status.Reason;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.access.Identity;
import io.hypernetes.api.access.UserInfo;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.client.DeleteOptions;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.json.Parsed;
import io.hypernetes.api.json.Yaml;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.api.types.ResourceTypes;
import io.hypernetes.httpclient.Kubeconfig;

import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * One tenant's world in an embedded server: to its clients a cluster of their own.
 *
 * <p>Closing it deletes everything in it; a server that is closed forgets its worlds anyway.
 */
public final class World implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(2);
    private static final String ADMIN = "admin";

    private final KubernetesApiServer server;
    private final Tenant tenant;
    private final String token;

    World(KubernetesApiServer server, Tenant tenant) {
        this.server = server;
        this.tenant = tenant;
        this.token = token(ADMIN, List.of(UserInfo.MASTERS));
    }

    public String name() {
        return tenant.name();
    }

    /** For calls of {@link KubernetesApiServer#client()}. */
    public Tenant tenant() {
        return tenant;
    }

    public KubernetesApiServer server() {
        return server;
    }

    /** Of a user with every right in this world; a secret. */
    public String token() {
        return token;
    }

    /** A kubeconfig file's text for a user with every right in this world; holds a secret. */
    public String kubeconfig() {
        return kubeconfig(ADMIN, token);
    }

    /**
     * The same for a user who has the rights that roles and bindings give them, and no others.
     *
     * @param user for example {@code alice}, or {@code system:serviceaccount:NAMESPACE:NAME}
     */
    public String kubeconfig(String user, String... groups) {
        return kubeconfig(user, token(user, List.of(groups)));
    }

    private String kubeconfig(String user, String secret) {
        Kubeconfig config =
                new Kubeconfig(
                        server.url(), server.authority(), user, new Kubeconfig.Proof.Token(secret));
        return new String(
                config.yaml(tenant.name(), Optional.of("default")), StandardCharsets.UTF_8);
    }

    private String token(String user, List<String> groups) {
        List<String> all = new ArrayList<>(groups);
        all.add(UserInfo.AUTHENTICATED);
        boolean operator = tenant.isSystem() && groups.contains(UserInfo.MASTERS);
        UserInfo info = new UserInfo(user, "", List.copyOf(all), Map.of());
        return server.tokens()
                .issue(new Identity(info, Optional.of(tenant), Set.of(tenant), operator));
    }

    /**
     * Makes the objects of a manifest, YAML or JSON, one document or several; without a namespace
     * they come into {@code default}. Returns when custom resource definitions are served.
     *
     * @throws ApiException what a client would get; NotFound for a kind that is not served
     */
    public void apply(String manifest) {
        for (Parsed document : Yaml.parseAll(manifest.getBytes(StandardCharsets.UTF_8))) {
            make(document.tree());
        }
    }

    private void make(ObjectNode object) {
        ResourceType type =
                type(
                        GroupVersionKind.of(
                                object.path("apiVersion").asString(""),
                                object.path("kind").asString("")));
        if (type.namespaced() && Metadata.namespace(object).isEmpty()) {
            Metadata.ensureMetadata(object).put("namespace", "default");
        }
        server.client().create(type, tenant, object);
        if (type.kind().equals("CustomResourceDefinition")) {
            ObjectNode spec = object.withObject("spec");
            GroupResource made =
                    new GroupResource(
                            spec.path("group").asString(""),
                            spec.path("names").path("plural").asString(""));
            await("does not serve " + made, () -> types().find(made).isPresent());
        }
    }

    private ResourceTypes types() {
        return server.types().of(tenant);
    }

    private ResourceType type(GroupVersionKind kind) {
        return types().find(kind)
                .orElseThrow(() ->
                        ApiException.of(
                                Reason.NOT_FOUND,
                                "no matches for kind '%s' in version '%s'"
                                        .formatted(kind.kind(), kind.apiVersion())));
    }

    void create() {
        ObjectNode object = Json.object();
        object.put("apiVersion", BuiltinTypes.TENANTS.apiVersion()).put("kind", "Tenant");
        object.putObject("metadata").put("name", tenant.name());
        server.client().create(BuiltinTypes.TENANTS, Tenant.SYSTEM, object);
        await("has no service account yet", () -> has(BuiltinTypes.SERVICE_ACCOUNTS));
    }

    /** The last thing that a new world gets is the account of the namespace {@code default}. */
    private boolean has(ResourceType type) {
        return server.client().find(type, new ObjectKey(tenant, "default", "default")).isPresent();
    }

    private void await(String otherwise, BooleanSupplier done) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!done.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("tenant " + tenant.name() + " " + otherwise);
            }
            try {
                Thread.sleep(LOOK_AGAIN);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted: " + tenant.name(), e);
            }
        }
    }

    /** Asks for the world's deletion and does not wait for its end. */
    @Override
    public void close() {
        Client client = server.client();
        try {
            client.delete(
                    BuiltinTypes.TENANTS,
                    new ObjectKey(Tenant.SYSTEM, "", tenant.name()),
                    DeleteOptions.NOW);
        } catch (ApiException e) {
            if (!e.is(Reason.NOT_FOUND)) {
                throw e;
            }
        }
        server.tokens().forget(token);
    }
}
