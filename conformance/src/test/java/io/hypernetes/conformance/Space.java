package io.hypernetes.conformance;

import io.hypernetes.api.json.Json;
import io.hypernetes.embedded.World;

import tools.jackson.databind.node.ObjectNode;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Where a test may do what it likes: a namespace of its own in a world. What has no namespace it
 * shares with the other tests of the system's world, so it gives such objects a {@link #unique}
 * name.
 *
 * @param http as a user with every right
 */
record Space(World world, Http http, String namespace) {
    private static final AtomicInteger NUMBERS = new AtomicInteger();

    static Space in(World world) {
        Space space = new Space(world, Http.of(world, world.kubeconfig()), unique("test"));
        space.newNamespace(space.namespace);
        return space;
    }

    static String unique(String name) {
        return name + "-" + NUMBERS.incrementAndGet();
    }

    boolean isSystem() {
        return world.tenant().isSystem();
    }

    /** As upstream's framework does it, back when the namespace has its service account. */
    void newNamespace(String name) {
        ObjectNode object = Json.object().put("apiVersion", "v1").put("kind", "Namespace");
        object.putObject("metadata").put("name", name).putObject("labels").put("space", name);
        cluster("v1", "namespaces").create(object);
        Objects.of(http, "v1", "serviceaccounts", name).await("default", _ -> true);
    }

    Objects objects(String apiVersion, String resource) {
        return Objects.of(http, apiVersion, resource, namespace);
    }

    Objects cluster(String apiVersion, String resource) {
        return Objects.of(http, apiVersion, resource, "");
    }

    /** The same space to another user. */
    Space as(String user, String... groups) {
        return new Space(world, Http.of(world, world.kubeconfig(user, groups)), namespace);
    }

    Objects pods() {
        return objects("v1", "pods");
    }

    Objects configMaps() {
        return objects("v1", "configmaps");
    }

    ObjectNode raw(String path) {
        return http.get(path, Http.JSON).succeeded();
    }
}
