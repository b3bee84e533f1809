package io.hypernetes.isolation;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.types.BuiltinTypes;

import org.awaitility.Awaitility;

import java.time.Duration;
import java.util.List;

/**
 * What is written into objects: references, owners, names, types, and words of the server's own.
 */
class ObjectsIT {
    private static final String MAPS = "/api/v1/namespaces/default/configmaps";
    private static final String DEFINITIONS =
            "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
    private static final ObjectKey THEIR_MAP = new ObjectKey(Installation.GLOBEX, "default", "map");

    private static String uid(Installation it) {
        return it.client()
                .get(BuiltinTypes.CONFIG_MAPS, THEIR_MAP)
                .path("metadata")
                .path("uid")
                .asString("");
    }

    private static String map(String metadata) {
        return Installation.json(
                "{apiVersion: v1, kind: ConfigMap, metadata: {%s}}".formatted(metadata));
    }

    private static boolean has(Installation it, String name) {
        return it.client()
                .find(BuiltinTypes.CONFIG_MAPS, new ObjectKey(Installation.ACME, "default", name))
                .isPresent();
    }

    @Attempt(
            id = "OBJECT-1",
            tries =
                    "fields that name another tenant: `metadata.tenant`, `clusterName`, labels,"
                            + " annotations, a namespace with a slash",
            result = "dropped or 400 or 422; what is stored is acme's")
    void fieldsThatNameATenant(Installation it) {
        for (String metadata :
                List.of(
                        "name: moved, tenant: globex",
                        "name: moved, clusterName: globex",
                        "name: moved, labels: {hypernetes.io/tenant: globex}",
                        "name: moved, annotations: {hypernetes.io/tenant: globex,"
                                + " hypernetes.io/creator: victim}",
                        "name: moved, selfLink:"
                                + " /tenants/globex/api/v1/namespaces/default/configmaps/moved",
                        "name: moved, namespace: ../globex",
                        "name: moved, namespace: vault",
                        "name: ../../globex/default/moved",
                        "name: \"globex/moved\"",
                        "generateName: ../globex/")) {
            Answer answer = it.send(it.boss, "POST", MAPS, map(metadata));
            assertThat(answer.status()).as(metadata).isIn(201, 400, 422);
            if (answer.status() == 201) {
                assertThat(has(it, "moved")).isTrue();
                it.send(it.boss, "DELETE", MAPS + "/moved", "");
            }
        }
    }

    @Attempt(
            id = "OBJECT-2",
            tries =
                    "uid and resourceVersion of an object of globex: in a create, as preconditions,"
                            + " in an update",
            result = "a uid of the server's own; 409 else")
    void anothersUid(Installation it) {
        String uid = uid(it);
        Answer made = it.send(it.boss, "POST", MAPS, map("name: twin, uid: " + uid));
        assertThat(made.status()).isIn(201, 400, 422);
        assertThat(made.body()).doesNotContain("\"uid\":\"" + uid);
        it.send(it.boss, "DELETE", MAPS + "/twin", "");
        Answer deleted =
                it.send(
                        it.boss,
                        "DELETE",
                        MAPS + "/map",
                        "{\"apiVersion\":\"v1\",\"kind\":\"DeleteOptions\",\"preconditions\":{\"uid\":\""
                                + uid
                                + "\"}}");
        assertThat(deleted.status()).isEqualTo(409);
        assertThat(it.send(it.boss, "PUT", MAPS + "/map", map("name: map, uid: " + uid)).status())
                .isEqualTo(409);
    }

    @Attempt(
            id = "OBJECT-3",
            tries =
                    "an owner reference to an object of globex, by its uid, blocking, then with"
                            + " foreground deletion",
            result =
                    "an owner that acme does not have: the object is collected, the owner never"
                            + " hears of it")
    void ownersInAnotherWorld(Installation it) {
        String owner =
                "ownerReferences: [{apiVersion: v1, kind: ConfigMap, name: map, uid: %s, controller: true, blockOwnerDeletion: true}]"
                        .formatted(uid(it));
        assertThat(it.send(it.boss, "POST", MAPS, map("name: child, " + owner)).status())
                .isEqualTo(201);
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> !has(it, "child"));
    }

    @Attempt(
            id = "OBJECT-4",
            tries =
                    "deletion of the own object of the same name, with every propagation, and of"
                            + " whole collections",
            result = "the own objects go, none of globex'")
    void deletions(Installation it) {
        for (String policy : List.of("Foreground", "Background", "Orphan")) {
            it.send(it.boss, "POST", MAPS, map("name: gone"));
            assertThat(
                            it.send(
                                            it.boss,
                                            "DELETE",
                                            MAPS + "/gone?propagationPolicy=" + policy,
                                            "")
                                    .status())
                    .isEqualTo(200);
            Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> !has(it, "gone"));
        }
        it.send(it.boss, "POST", MAPS, map("name: gone, labels: {of: globex}"));
        assertThat(it.send(it.boss, "DELETE", MAPS + "?labelSelector=of%3Dglobex", "").status())
                .isEqualTo(200);
        assertThat(has(it, "gone")).isFalse();
    }

    @Attempt(
            id = "OBJECT-5",
            tries = "server-side apply as a field manager of globex' or the server's own, forced",
            result = "managers are names within one object of one world")
    void fieldManagers(Installation it) {
        for (String manager : List.of("victim", "auth-controller", "kube-controller-manager")) {
            Answer applied =
                    it.patch(
                            it.boss,
                            MAPS + "/applied?force=true&fieldManager=" + manager,
                            "apply-patch+yaml",
                            "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"applied\"},\"data\":{\"by\":\""
                                    + manager
                                    + "\"}}");
            assertThat(applied.status()).isIn(200, 201);
        }
        it.send(it.boss, "DELETE", MAPS + "/applied", "");
    }

    @Attempt(
            id = "OBJECT-6",
            tries = "finalizers of the server's own on own objects, taken away from shared ones",
            result = "the own object waits; 403 for shared ones")
    void finalizers(Installation it) {
        it.send(it.boss, "POST", MAPS, map("name: held, finalizers: [hypernetes.io/tenant]"));
        it.send(it.boss, "DELETE", MAPS + "/held", "");
        it.patch(it.boss, MAPS + "/held", "merge-patch+json", "{\"metadata\":{\"finalizers\":[]}}");
        assertThat(has(it, "held")).isFalse();
        assertThat(
                        it.patch(
                                        it.boss,
                                        "/apis/storage.k8s.io/v1/storageclasses/local",
                                        "merge-patch+json",
                                        "{\"metadata\":{\"finalizers\":[\"x.example.com/y\"]}}")
                                .status())
                .isEqualTo(403);
    }

    @Attempt(
            id = "OBJECT-7",
            tries =
                    "writes to shared objects: every verb, every way to patch, an object of the"
                            + " same name, their status",
            result = "403, or 409 for the name")
    void sharedObjects(Installation it) {
        for (String path :
                List.of(
                        "/apis/storage.k8s.io/v1/storageclasses/local",
                        "/apis/rbac.authorization.k8s.io/v1/clusterroles/cluster-admin",
                        "/apis/scheduling.k8s.io/v1/priorityclasses/system-cluster-critical")) {
            assertThat(it.send(it.boss, "DELETE", path, "").status()).as(path).isEqualTo(403);
            String labels = "{\"metadata\":{\"labels\":{\"taken\":\"yes\"}}}";
            for (String type : List.of("merge-patch+json", "strategic-merge-patch+json")) {
                assertThat(it.patch(it.boss, path, type, labels).status()).isEqualTo(403);
            }
            Answer there = it.get(it.boss, path);
            assertThat(it.send(it.boss, "PUT", path, there.body()).status()).isEqualTo(403);
            String collection = path.substring(0, path.lastIndexOf('/'));
            assertThat(it.send(it.boss, "POST", collection, there.body()).status())
                    .isIn(400, 403, 409);
            it.send(it.boss, "DELETE", collection, "");
        }
    }

    @Attempt(
            id = "OBJECT-8",
            tries = "the label by which default roles are shared, on a role of one's own",
            result = "a role of the own world, seen nowhere else")
    void aRoleThatSaysItIsShared(Installation it) {
        String roles = "/apis/rbac.authorization.k8s.io/v1/clusterroles";
        Answer made =
                it.send(
                        it.boss,
                        "POST",
                        roles,
                        Installation.json(
                                "{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole,"
                                        + " metadata: {name: everybodys, labels:"
                                        + " {kubernetes.io/bootstrapping: rbac-defaults}}, rules:"
                                        + " [{apiGroups: [\"*\"], resources: [\"*\"], verbs:"
                                        + " [\"*\"]}]}"));
        assertThat(made.status()).isEqualTo(201);
        assertThat(it.get(it.victim, roles + "/everybodys").status()).isEqualTo(404);
        it.takeAnswers();
        it.send(it.boss, "DELETE", roles + "/everybodys", "");
    }

    @Attempt(
            id = "OBJECT-9",
            tries =
                    "a CustomResourceDefinition with the group and plural of a type of the server's"
                            + " own, in another version",
            result =
                    "403: else objects without that type's rules would lie where controllers read"
                            + " them")
    void definitionsOfBuiltinTypes(Installation it) {
        for (String plural : List.of("tenants", "users", "networks")) {
            Answer made =
                    it.send(it.boss, "POST", DEFINITIONS, definition(plural, "hypernetes.io"));
            assertThat(made.status()).as(made.body()).isEqualTo(403);
        }
        for (String type :
                List.of(
                        "deployments apps",
                        "roles rbac.authorization.k8s.io",
                        "storageclasses storage.k8s.io",
                        "pods ")) {
            String[] parts = type.split(" ", -1);
            Answer made = it.send(it.boss, "POST", DEFINITIONS, definition(parts[0], parts[1]));
            assertThat(made.status()).as(type).isIn(403, 422);
        }
    }

    private static String definition(String plural, String group) {
        return Installation.json(
                """
                apiVersion: apiextensions.k8s.io/v1
                kind: CustomResourceDefinition
                metadata: {name: "%s.%s", annotations: {api-approved.kubernetes.io: "https://github.com/kubernetes/kubernetes/pull/1"}}
                spec:
                  group: "%s"
                  scope: Cluster
                  names: {plural: %s, singular: other, kind: Other}
                  versions: [{name: v9, served: true, storage: true, schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}}]
                """
                        .formatted(plural, group, group, plural));
    }

    @Attempt(
            id = "OBJECT-10",
            tries = "a definition of a name that globex has, with another schema, then deleted",
            result = "globex' definition and its objects stay as they are")
    void definitionsOfTheSameName(Installation it) {
        String there = DEFINITIONS + "/widgets.example.com";
        assertThat(it.get(it.boss, there).body()).contains("ofacme");
        Answer changed =
                it.patch(
                        it.boss,
                        there,
                        "merge-patch+json",
                        "{\"spec\":{\"names\":{\"shortNames\":[\"wd\"]}}}");
        assertThat(changed.status()).isEqualTo(200);
    }

    @Attempt(
            id = "OBJECT-11",
            tries =
                    "names that collide: a namespace `globex`, a network `default`, a tenant-like"
                            + " user name, keys that are each other's beginning",
            result = "each world has its own")
    void names(Installation it) {
        for (String name : List.of("globex", "system", "tenants", "acme")) {
            it.send(
                    it.boss,
                    "POST",
                    "/api/v1/namespaces",
                    "{\"apiVersion\":\"v1\",\"kind\":\"Namespace\",\"metadata\":{\"name\":\"%s\"}}"
                            .formatted(name));
            assertThat(it.get(it.boss, "/api/v1/namespaces/" + name + "/secrets").body())
                    .contains("\"items\":[]");
            it.send(it.boss, "DELETE", "/api/v1/namespaces/" + name, "");
        }
        assertThat(
                        it.patch(
                                        it.boss,
                                        "/apis/hypernetes.io/v1/networks/default",
                                        "merge-patch+json",
                                        "{\"metadata\":{\"annotations\":{\"a\":\"b\"}}}")
                                .status())
                .isEqualTo(200);
    }

    @Attempt(
            id = "OBJECT-12",
            tries =
                    "a volume of globex': a PersistentVolume with its handle, a claim that names"
                            + " it, hostPath, a local path",
            result =
                    "the host's paths are refused; a handle is looked for among the tenant's own"
                            + " volumes when it is attached (`PodVolumes`)")
    void volumes(Installation it) {
        for (String source :
                List.of("hostPath: {path: /etc}", "hostPath: {path: /, type: Directory}")) {
            Answer pod =
                    it.send(
                            it.boss,
                            "POST",
                            "/api/v1/namespaces/default/pods",
                            Installation.json(
                                    "{apiVersion: v1, kind: Pod, metadata: {name: reach}, spec: {containers: [{name: c, image: x}], volumes: [{name: v, %s}]}}"
                                            .formatted(source)));
            assertThat(pod.status()).as(source).isEqualTo(403);
        }
    }

    @Attempt(
            id = "OBJECT-13",
            tries =
                    "a node of one's own, a pod bound by hand to a node, a lease of the"
                            + " controllers, an event about globex",
            result =
                    "refused, or an object of acme's world that no controller of the operator's"
                            + " reads")
    void objectsOfTheOperators(Installation it) {
        Answer node =
                it.send(
                        it.boss,
                        "POST",
                        "/api/v1/nodes",
                        "{\"apiVersion\":\"v1\",\"kind\":\"Node\",\"metadata\":{\"name\":\"mine\"}}");
        assertThat(node.status()).isIn(201, 403, 404, 405);
        it.send(it.boss, "DELETE", "/api/v1/nodes/mine", "");
        assertThat(it.get(it.boss, "/apis/hypernetes.io/v1/tenants/globex").status())
                .isEqualTo(404);
        for (String resource : List.of("tenants", "users")) {
            assertThat(
                            it.send(
                                            it.boss,
                                            "POST",
                                            "/apis/hypernetes.io/v1/" + resource,
                                            "{\"apiVersion\":\"hypernetes.io/v1\",\"kind\":\"Tenant\",\"metadata\":{\"name\":\"x\"}}")
                                    .status())
                    .isEqualTo(404);
        }
    }
}
