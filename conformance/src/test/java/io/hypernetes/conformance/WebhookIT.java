package io.hypernetes.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.Metadata;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;

import tools.jackson.databind.node.ObjectNode;

/** Upstream's webhook.go: what is asked, denied and changed. */
final class WebhookIT {
    private static final Hooks HOOKS = new Hooks();

    @AfterAll
    static void stop() {
        HOOKS.close();
    }

    @Upstream(
            "[sig-api-machinery] AdmissionWebhook [Privileged:ClusterAdmin] should be able to deny"
                    + " pod and configmap creation [Conformance]")
    @InWorlds
    void unwantedObjectsAreDenied(Space space) {
        HOOKS.register(
                space,
                "Validating",
                HOOKS.hook(space, "deny-pods", "/deny-marked", Hooks.PODS, ""),
                HOOKS.hook(space, "deny-maps", "/deny-marked", Hooks.MAPS, ""));
        HOOKS.register(
                space,
                "Validating",
                HOOKS.hook(
                        space,
                        "hangs",
                        "/slow",
                        Hooks.PODS,
                        ", timeoutSeconds: 1, objectSelector: {matchLabels: {hang: 'yes'}}"));
        String pod =
                "{apiVersion: v1, kind: Pod, metadata: {name: p, labels: {%s}}, spec: {containers:"
                        + " [{name: c, image: i}]}}";
        Refused refused = Refused.by(() -> space.pods().create(pod.formatted(Hooks.UNWANTED)));
        assertThat(refused.message())
                .isEqualTo(
                        "admission webhook \"deny-pods.k8s.io\" denied the request: the Pod is"
                                + " unwanted");
        assertThat(Refused.by(() -> space.pods().create(pod.formatted("hang: 'yes'"))).message())
                .containsAnyOf("deadline", "timeout");
        assertThat(
                        Refused.by(() -> space.configMaps().create(Hooks.map("m", Hooks.UNWANTED)))
                                .message())
                .contains("denied the request: the ConfigMap is unwanted");
        space.configMaps().create(Hooks.map("m", "a: b"));
        ObjectNode marked = space.configMaps().get("m");
        marked.withObjectProperty("data").put("mark", "webhook-e2e-test");
        assertThat(Refused.by(() -> space.configMaps().replace(marked)).message())
                .contains("denied the request");
        assertThat(
                        Refused.by(() ->
                                        space.configMaps()
                                                .merge("m", "{data: {" + Hooks.UNWANTED + "}}"))
                                .message())
                .contains("denied the request");
        String elsewhere = Space.unique("skipped");
        space.newNamespace(elsewhere);
        Objects.of(space.http(), "v1", "configmaps", elsewhere)
                .create(Hooks.map("m", Hooks.UNWANTED));
    }

    @Upstream(
            "[sig-api-machinery] AdmissionWebhook [Privileged:ClusterAdmin] should be able to deny"
                    + " attaching pod [Conformance]")
    @InWorlds
    void attachingIsDenied(Space space) {
        HOOKS.register(
                space,
                "Validating",
                HOOKS.hook(
                        space,
                        "deny-attaching",
                        "/deny",
                        "{operations: [CONNECT], apiGroups: [''], apiVersions: [v1], resources:"
                                + " [pods/attach]}",
                        ""));
        space.pods()
                .create(
                        "{apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {containers:"
                                + " [{name: c, image: i, stdin: true}]}}");
        space.pods().await("p", p -> p.path("status").has("startTime"));
        Refused refused =
                Refused.by(() -> space.pods().post("p", "attach?stdin=true", Objects.tree("{}")));
        assertThat(refused.message())
                .contains("admission webhook \"deny-attaching.k8s.io\" denied the request");
    }

    @Upstream(
            "[sig-api-machinery] AdmissionWebhook [Privileged:ClusterAdmin] should be able to deny"
                    + " custom resource creation, update and deletion [Conformance]")
    @InWorlds
    void customResourcesAreDenied(Space space) {
        Definition definition = Definition.anything(space).create();
        HOOKS.register(
                space,
                "Validating",
                HOOKS.hook(
                        space,
                        "deny-crs",
                        "/deny-marked",
                        "{operations: [CREATE, UPDATE, DELETE], apiGroups: [%s], apiVersions: ['*'],"
                                        .formatted(definition.group())
                                + " resources: ['*']}",
                        ""));
        Objects objects = definition.objects();
        String data = "data: {" + Hooks.UNWANTED + "}";
        assertThat(Refused.by(() -> objects.create(definition.object("v1", "one", data))).message())
                .contains("the E2eTest is unwanted");
        objects.create(definition.object("v1", "one", "data: {mark: ok}"));
        assertThat(Refused.by(() -> objects.merge("one", "{" + data + "}")).message())
                .contains("denied the request");
        objects.merge("one", "{data: {mark: still-ok}}");
        objects.delete("one");
    }

    @Upstream(
            "[sig-api-machinery] AdmissionWebhook [Privileged:ClusterAdmin] should deny crd"
                    + " creation [Conformance]")
    @InWorlds
    void definitionsAreDenied(Space space) {
        String name = Space.unique("deny-crds");
        Hooks.configurations(space, "Validating")
                .create(
                        """
                        apiVersion: admissionregistration.k8s.io/v1
                        kind: ValidatingWebhookConfiguration
                        metadata: {name: %1$s}
                        webhooks:
                        - name: deny-crds.k8s.io
                          sideEffects: None
                          admissionReviewVersions: [v1]
                          objectSelector: {matchLabels: {%1$s: 'yes'}}
                          rules: [{operations: [CREATE], apiGroups: [apiextensions.k8s.io], apiVersions: ['*'],
                                   resources: [customresourcedefinitions]}]
                          clientConfig: %2$s
                        """
                                .formatted(name, HOOKS.client("/deny")));
        Definition definition = Definition.anything(space);
        ObjectNode object = definition.object();
        Metadata.ensureLabels(object).put(name, "yes");
        assertThat(Refused.by(() -> definition.definitions().create(object)).message())
                .contains("denied the request: the CustomResourceDefinition is unwanted");
    }

    @Upstream(
            "[sig-api-machinery] AdmissionWebhook [Privileged:ClusterAdmin] should unconditionally"
                    + " reject operations on fail closed webhook [Conformance]")
    @InWorlds
    void whatCannotBeAskedIsRefused(Space space) {
        String closed =
                HOOKS.hook(space, "fail-closed", "/allow", Hooks.MAPS, ", failurePolicy: Fail")
                        .replaceAll(", caBundle: [^}]*", "");
        HOOKS.register(space, "Validating", closed);
        assertThat(Refused.by(() -> space.configMaps().create(Hooks.map("m", "a: b"))).message())
                .contains("failed calling webhook \"fail-closed.k8s.io\"");
    }

    @Upstream(
            "[sig-api-machinery] AdmissionWebhook [Privileged:ClusterAdmin] should honor timeout"
                    + " [Conformance]")
    @InWorlds
    void aWebhookHasItsTime(Space space) {
        String name =
                HOOKS.register(
                        space,
                        "Validating",
                        HOOKS.hook(
                                space,
                                "slow",
                                "/slow",
                                Hooks.MAPS,
                                ", timeoutSeconds: 1, failurePolicy: Fail"));
        assertThat(Refused.by(() -> space.configMaps().create(Hooks.map("a", "a: b"))).message())
                .contains("failed calling webhook \"slow.k8s.io\"");
        Objects configurations = Hooks.configurations(space, "Validating");
        change(configurations, name, "failurePolicy", "\"Ignore\"");
        space.configMaps().create(Hooks.map("a", "a: b"));
        change(configurations, name, "failurePolicy", "\"Fail\"");
        change(configurations, name, "timeoutSeconds", "20");
        space.configMaps().create(Hooks.map("b", "a: b"));
    }

    private static void change(Objects configurations, String name, String field, String value) {
        configurations.patch(
                name,
                Objects.JSON_PATCH,
                "[{\"op\": \"replace\", \"path\": \"/webhooks/0/%s\", \"value\": %s}]"
                        .formatted(field, value));
    }

    @Upstream(
            "[sig-api-machinery] AdmissionWebhook [Privileged:ClusterAdmin] should mutate configmap"
                    + " [Conformance]")
    @InWorlds
    void mutationsFollowOneAnother(Space space) {
        HOOKS.register(
                space,
                "Mutating",
                HOOKS.hook(space, "first", "/add-first", Hooks.MAPS, ""),
                HOOKS.hook(space, "second", "/add-second", Hooks.MAPS, ""));
        assertThat(space.configMaps().create(Hooks.map("m", "a: b")).path("data"))
                .isEqualTo(
                        Objects.tree("{a: b, mutation-stage-1: 'yes', mutation-stage-2: 'yes'}"));
    }

    @Upstream(
            "[sig-api-machinery] AdmissionWebhook [Privileged:ClusterAdmin] should mutate pod and"
                    + " apply defaults after mutation [Conformance]")
    @InWorlds
    void whatIsAddedGetsItsDefaults(Space space) {
        HOOKS.register(
                space, "Mutating", HOOKS.hook(space, "adding", "/add-container", Hooks.PODS, ""));
        ObjectNode pod = space.pods().create(NamespaceIT.POD);
        assertThat(
                        pod.path("spec")
                                .path("initContainers")
                                .path(0)
                                .path("terminationMessagePolicy")
                                .asString(""))
                .isEqualTo("File");
    }

    @Upstream({
        "[sig-api-machinery] AdmissionWebhook [Privileged:ClusterAdmin] should mutate custom"
                + " resource [Conformance]",
        "[sig-api-machinery] AdmissionWebhook [Privileged:ClusterAdmin] should mutate custom"
                + " resource with pruning [Conformance]",
        "[sig-api-machinery] AdmissionWebhook [Privileged:ClusterAdmin] should mutate custom"
                + " resource with different stored version [Conformance]"
    })
    @InWorlds
    void customResourcesAreMutatedAndPruned(Space space) {
        String schema =
                "{openAPIV3Schema: {type: object, properties: {data: {type: object, properties:"
                        + " {%s: {type: string}, mutation-stage-1: {type: string}}}}}}";
        Definition definition =
                Definition.versioned(
                                space,
                                "[{name: v1, served: true, storage: true, schema: %1$s}, {name: v2,"
                                                .formatted(schema.formatted("a"))
                                        + " served: true, storage: false, schema: "
                                        + schema.formatted("a")
                                        + "}]")
                        .create();
        String rule =
                "{operations: [CREATE, UPDATE], apiGroups: [%s], apiVersions: ['*'], resources: ['*']}"
                        .formatted(definition.group());
        HOOKS.register(
                space,
                "Mutating",
                HOOKS.hook(space, "first", "/add-first", rule, ""),
                HOOKS.hook(space, "second", "/add-second", rule, ""));
        ObjectNode made =
                definition.objects().create(definition.object("v1", "one", "data: {a: b}"));
        assertThat(made.path("data")).isEqualTo(Objects.tree("{a: b, mutation-stage-1: 'yes'}"));
        definition
                .definitions()
                .patch(
                        definition.name(),
                        Objects.JSON_PATCH,
                        """
                        [{"op": "replace", "path": "/spec/versions/0/storage", "value": false},
                         {"op": "replace", "path": "/spec/versions/1/storage", "value": true}]
                        """);
        Awaitility.await()
                .until(() ->
                        definition
                                        .definitions()
                                        .get(definition.name())
                                        .path("status")
                                        .path("storedVersions")
                                        .size()
                                == 2);
        ObjectNode patched = definition.objects().merge("one", "{data: {a: c}}");
        assertThat(patched.path("data").path("a").asString()).isEqualTo("c");
    }
}
