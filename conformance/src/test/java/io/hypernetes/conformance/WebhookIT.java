package io.hypernetes.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.Metadata;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;

import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.stream.IntStream;

/** Upstream's webhook.go and crd_conversion_webhook.go. */
final class WebhookIT {
    private static final Hooks HOOKS = new Hooks();
    private static final String MAPS =
            "{operations: [CREATE, UPDATE, DELETE], apiGroups: [''], apiVersions: [v1], resources:"
                    + " [configmaps]}";
    private static final String PODS =
            "{operations: [CREATE, UPDATE], apiGroups: [''], apiVersions: [v1], resources: [pods]}";

    @AfterAll
    static void stop() {
        HOOKS.close();
    }

    private static Objects configurations(Space space, String kind) {
        return space.cluster(
                "admissionregistration.k8s.io/v1",
                kind.toLowerCase(java.util.Locale.ROOT) + "webhookconfigurations");
    }

    private static String hook(Space space, String name, String path, String rule, String more) {
        return """
        {name: %s.k8s.io, sideEffects: None, admissionReviewVersions: [v1], rules: [%s],
         clientConfig: %s, namespaceSelector: {matchLabels: {space: %s}} %s}
        """
                .formatted(name, rule, HOOKS.client(path), space.namespace(), more);
    }

    /**
     * @param kind Validating or Mutating
     * @return its name
     */
    private static String register(Space space, String kind, String... hooks) {
        String name = Space.unique("e2e-test-webhook");
        configurations(space, kind)
                .create(
                        """
                        apiVersion: admissionregistration.k8s.io/v1
                        kind: %sWebhookConfiguration
                        metadata: {name: %s, labels: {e2e-list-test: %s}}
                        webhooks: [%s]
                        """
                                .formatted(
                                        kind, name, space.namespace(), String.join(", ", hooks)));
        return name;
    }

    private static String map(String name, String data) {
        return "{apiVersion: v1, kind: ConfigMap, metadata: {name: %s}, data: {%s}}"
                .formatted(name, data);
    }

    private static final String UNWANTED = "mark: webhook-e2e-test";

    @Upstream(
            "[sig-api-machinery] AdmissionWebhook [Privileged:ClusterAdmin] should be able to deny"
                    + " pod and configmap creation [Conformance]")
    @InWorlds
    void unwantedObjectsAreDenied(Space space) {
        register(
                space,
                "Validating",
                hook(space, "deny-pods", "/deny-marked", PODS, ""),
                hook(space, "deny-maps", "/deny-marked", MAPS, ""));
        register(
                space,
                "Validating",
                hook(
                        space,
                        "hangs",
                        "/slow",
                        PODS,
                        ", timeoutSeconds: 1, objectSelector: {matchLabels: {hang: 'yes'}}"));
        String pod =
                "{apiVersion: v1, kind: Pod, metadata: {name: p, labels: {%s}}, spec: {containers:"
                        + " [{name: c, image: i}]}}";
        Refused refused = Refused.by(() -> space.pods().create(pod.formatted(UNWANTED)));
        assertThat(refused.message())
                .isEqualTo(
                        "admission webhook \"deny-pods.k8s.io\" denied the request: the Pod is"
                                + " unwanted");
        assertThat(Refused.by(() -> space.pods().create(pod.formatted("hang: 'yes'"))).message())
                .containsAnyOf("deadline", "timeout");
        assertThat(Refused.by(() -> space.configMaps().create(map("m", UNWANTED))).message())
                .contains("denied the request: the ConfigMap is unwanted");
        space.configMaps().create(map("m", "a: b"));
        ObjectNode marked = space.configMaps().get("m");
        marked.withObjectProperty("data").put("mark", "webhook-e2e-test");
        assertThat(Refused.by(() -> space.configMaps().replace(marked)).message())
                .contains("denied the request");
        assertThat(
                        Refused.by(() ->
                                        space.configMaps().merge("m", "{data: {" + UNWANTED + "}}"))
                                .message())
                .contains("denied the request");
        String elsewhere = Space.unique("skipped");
        space.newNamespace(elsewhere);
        Objects.of(space.http(), "v1", "configmaps", elsewhere).create(map("m", UNWANTED));
    }

    @Upstream(
            "[sig-api-machinery] AdmissionWebhook [Privileged:ClusterAdmin] should be able to deny"
                    + " attaching pod [Conformance]")
    @InWorlds
    void attachingIsDenied(Space space) {
        register(
                space,
                "Validating",
                hook(
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
        register(
                space,
                "Validating",
                hook(
                        space,
                        "deny-crs",
                        "/deny-marked",
                        "{operations: [CREATE, UPDATE, DELETE], apiGroups: [%s], apiVersions: ['*'],"
                                        .formatted(definition.group())
                                + " resources: ['*']}",
                        ""));
        Objects objects = definition.objects();
        String data = "data: {" + UNWANTED + "}";
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
        configurations(space, "Validating")
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
                hook(space, "fail-closed", "/allow", MAPS, ", failurePolicy: Fail")
                        .replaceAll(", caBundle: [^}]*", "");
        register(space, "Validating", closed);
        assertThat(Refused.by(() -> space.configMaps().create(map("m", "a: b"))).message())
                .contains("failed calling webhook \"fail-closed.k8s.io\"");
    }

    @Upstream(
            "[sig-api-machinery] AdmissionWebhook [Privileged:ClusterAdmin] should honor timeout"
                    + " [Conformance]")
    @InWorlds
    void aWebhookHasItsTime(Space space) {
        String name =
                register(
                        space,
                        "Validating",
                        hook(
                                space,
                                "slow",
                                "/slow",
                                MAPS,
                                ", timeoutSeconds: 1, failurePolicy: Fail"));
        assertThat(Refused.by(() -> space.configMaps().create(map("a", "a: b"))).message())
                .contains("failed calling webhook \"slow.k8s.io\"");
        Objects configurations = configurations(space, "Validating");
        change(configurations, name, "failurePolicy", "\"Ignore\"");
        space.configMaps().create(map("a", "a: b"));
        change(configurations, name, "failurePolicy", "\"Fail\"");
        change(configurations, name, "timeoutSeconds", "20");
        space.configMaps().create(map("b", "a: b"));
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
        register(
                space,
                "Mutating",
                hook(space, "first", "/add-first", MAPS, ""),
                hook(space, "second", "/add-second", MAPS, ""));
        assertThat(space.configMaps().create(map("m", "a: b")).path("data"))
                .isEqualTo(
                        Objects.tree("{a: b, mutation-stage-1: 'yes', mutation-stage-2: 'yes'}"));
    }

    @Upstream(
            "[sig-api-machinery] AdmissionWebhook [Privileged:ClusterAdmin] should mutate pod and"
                    + " apply defaults after mutation [Conformance]")
    @InWorlds
    void whatIsAddedGetsItsDefaults(Space space) {
        register(space, "Mutating", hook(space, "adding", "/add-container", PODS, ""));
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
        register(
                space,
                "Mutating",
                hook(space, "first", "/add-first", rule, ""),
                hook(space, "second", "/add-second", rule, ""));
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

    @Upstream({
        "[sig-api-machinery] AdmissionWebhook [Privileged:ClusterAdmin] listing mutating webhooks"
                + " should work [Conformance]",
        "[sig-api-machinery] AdmissionWebhook [Privileged:ClusterAdmin] listing validating webhooks"
                + " should work [Conformance]"
    })
    @InWorlds
    void configurationsAreListedAndDeletedByLabel(Space space) {
        String mine = Objects.labelled("e2e-list-test=" + space.namespace());
        List<String> made =
                IntStream.range(0, 5)
                        .mapToObj(i ->
                                register(
                                        space,
                                        "Mutating",
                                        hook(space, "h" + i, "/add-first", MAPS, "")))
                        .toList();
        assertThat(configurations(space, "Mutating").names(mine))
                .containsExactlyInAnyOrderElementsOf(made);
        assertThat(space.configMaps().create(map("a", "a: b")).path("data").size()).isEqualTo(2);
        configurations(space, "Mutating").deleteAll(mine);
        configurations(space, "Mutating").awaitCount(0, mine);
        assertThat(space.configMaps().create(map("b", "a: b")).path("data").size()).isEqualTo(1);

        IntStream.range(0, 5)
                .forEach(i ->
                        register(
                                space,
                                "Validating",
                                hook(space, "h" + i, "/deny-marked", MAPS, "")));
        assertThat(configurations(space, "Validating").names(mine)).hasSize(5);
        assertThat(Refused.by(() -> space.configMaps().create(map("c", UNWANTED))).message())
                .contains("denied the request");
        configurations(space, "Validating").deleteAll(mine);
        configurations(space, "Validating").awaitCount(0, mine);
        space.configMaps().create(map("c", UNWANTED));
    }

    @Upstream({
        "[sig-api-machinery] AdmissionWebhook [Privileged:ClusterAdmin] patching/updating a"
                + " mutating webhook should work [Conformance]",
        "[sig-api-machinery] AdmissionWebhook [Privileged:ClusterAdmin] patching/updating a"
                + " validating webhook should work [Conformance]"
    })
    @InWorlds
    void aChangeOfTheRulesCounts(Space space) {
        String mutating = register(space, "Mutating", hook(space, "h", "/add-first", MAPS, ""));
        String validating =
                register(space, "Validating", hook(space, "h", "/deny-marked", MAPS, ""));
        for (String kind : List.of("Mutating", "Validating")) {
            Objects configurations = configurations(space, kind);
            ObjectNode read = configurations.get(kind.equals("Mutating") ? mutating : validating);
            ObjectNode rule = (ObjectNode) read.path("webhooks").path(0).path("rules").path(0);
            rule.putArray("operations").add("UPDATE");
            configurations.replace(read);
        }
        assertThat(space.configMaps().create(map("a", UNWANTED)).path("data").size()).isEqualTo(1);
        for (String kind : List.of("Mutating", "Validating")) {
            configurations(space, kind)
                    .patch(
                            kind.equals("Mutating") ? mutating : validating,
                            Objects.JSON_PATCH,
                            "[{\"op\": \"replace\", \"path\": \"/webhooks/0/rules/0/operations\","
                                    + " \"value\": [\"CREATE\"]}]");
        }
        assertThat(space.configMaps().create(map("b", "a: b")).path("data").size()).isEqualTo(2);
        assertThat(Refused.by(() -> space.configMaps().create(map("c", UNWANTED))).message())
                .contains("denied the request");
    }

    @Upstream(
            "[sig-api-machinery] AdmissionWebhook [Privileged:ClusterAdmin] should not be able to"
                    + " mutate or prevent deletion of webhook configuration objects [Conformance]")
    @InWorlds
    void configurationsAreBeyondWebhooks(Space space) {
        String rule =
                "{operations: ['*'], apiGroups: [admissionregistration.k8s.io], apiVersions: ['*'],"
                        + " resources: ['*']}";
        for (String kind : List.of("Validating", "Mutating")) {
            configurations(space, kind)
                    .create(
                            """
                            apiVersion: admissionregistration.k8s.io/v1
                            kind: %sWebhookConfiguration
                            metadata: {name: %s}
                            webhooks:
                            - name: deny-all.k8s.io
                              sideEffects: None
                              admissionReviewVersions: [v1]
                              rules: [%s]
                              clientConfig: %s
                            """
                                    .formatted(
                                            kind,
                                            Space.unique("deny"),
                                            rule,
                                            HOOKS.client("/deny")));
        }
        for (String kind : List.of("Validating", "Mutating")) {
            String name = register(space, kind, hook(space, "dummy", "/allow", PODS, ""));
            assertThat(configurations(space, kind).get(name).path("webhooks")).hasSize(1);
            configurations(space, kind).delete(name);
        }
    }

    private static final String SKIP =
            ", matchConditions: [{name: expression-1, expression: object.metadata.name !="
                    + " 'skip-me'}]";

    @Upstream(
            "[sig-api-machinery] AdmissionWebhook [Privileged:ClusterAdmin] should mutate"
                    + " everything except 'skip-me' configmaps [Conformance]")
    @InWorlds
    void aConditionSkips(Space space) {
        register(space, "Mutating", hook(space, "h", "/add-first", MAPS, SKIP));
        assertThat(space.configMaps().create(map("skip-me", "a: b")).path("data").size())
                .isEqualTo(1);
        assertThat(space.configMaps().create(map("other", "a: b")).path("data").size())
                .isEqualTo(2);
    }

    @Upstream({
        "[sig-api-machinery] AdmissionWebhook [Privileged:ClusterAdmin] should be able to create"
                + " and update mutating webhook configurations with match conditions [Conformance]",
        "[sig-api-machinery] AdmissionWebhook [Privileged:ClusterAdmin] should be able to create"
            + " and update validating webhook configurations with match conditions [Conformance]",
        "[sig-api-machinery] AdmissionWebhook [Privileged:ClusterAdmin] should reject mutating"
                + " webhook configurations with invalid match conditions [Conformance]",
        "[sig-api-machinery] AdmissionWebhook [Privileged:ClusterAdmin] should reject validating"
                + " webhook configurations with invalid match conditions [Conformance]"
    })
    @InWorlds
    void conditionsAreKeptAndCompiled(Space space) {
        for (String kind : List.of("Mutating", "Validating")) {
            Objects configurations = configurations(space, kind);
            ObjectNode read =
                    configurations.get(
                            register(space, kind, hook(space, "h", "/allow", MAPS, SKIP)));
            ObjectNode hook = (ObjectNode) read.path("webhooks").path(0);
            assertThat(hook.path("matchConditions")).hasSize(1);
            hook.withArrayProperty("matchConditions")
                    .addObject()
                    .put("name", "expression-2")
                    .put("expression", "true");
            assertThat(
                            configurations
                                    .replace(read)
                                    .path("webhooks")
                                    .path(0)
                                    .path("matchConditions"))
                    .hasSize(2);
            String wrong =
                    SKIP.replace("object.metadata.name != 'skip-me'", "'... [] bad expression'");
            assertThat(
                            Refused.by(() ->
                                            register(
                                                    space,
                                                    kind,
                                                    hook(space, "bad", "/allow", MAPS, wrong)))
                                    .message())
                    .contains("compilation failed");
        }
    }

    @Upstream({
        "[sig-api-machinery] CustomResourceConversionWebhook [Privileged:ClusterAdmin] should be"
                + " able to convert from CR v1 to CR v2 [Conformance]",
        "[sig-api-machinery] CustomResourceConversionWebhook [Privileged:ClusterAdmin] should be"
                + " able to convert a non homogeneous list of CRs [Conformance]"
    })
    @InWorlds
    void versionsAreConvertedByAWebhook(Space space) {
        Definition definition =
                Definition.versioned(
                        space,
                        "[{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type:"
                                + " object, properties: {hostPort: {type: string}}}}}, {name: v2,"
                                + " served: true, storage: false, schema: {openAPIV3Schema: {type:"
                                + " object, properties: {host: {type: string}, port: {type:"
                                + " string}}}}}]");
        ObjectNode object = definition.object();
        ObjectNode webhook =
                object.withObjectProperty("spec")
                        .withObjectProperty("conversion")
                        .put("strategy", "Webhook")
                        .putObject("webhook");
        webhook.set("clientConfig", Objects.tree(HOOKS.client("/convert")));
        webhook.putArray("conversionReviewVersions").add("v1");
        definition.create(object);
        definition
                .objects("v1")
                .create(definition.object("v1", "one", "hostPort: 'localhost:8080'"));
        ObjectNode second = definition.objects("v2").get("one");
        assertThat(second.path("host").asString()).isEqualTo("localhost");
        assertThat(second.path("port").asString()).isEqualTo("8080");
        definition
                .definitions()
                .patch(
                        definition.name(),
                        Objects.JSON_PATCH,
                        """
                        [{"op": "replace", "path": "/spec/versions/0/storage", "value": false},
                         {"op": "replace", "path": "/spec/versions/1/storage", "value": true}]
                        """);
        definition
                .objects("v2")
                .create(definition.object("v2", "two", "{host: localhost, port: '9090'}"));
        assertThat(definition.objects("v1").list())
                .extracting(o -> o.path("hostPort").asString())
                .containsExactly("localhost:8080", "localhost:9090");
        assertThat(definition.objects("v2").list())
                .extracting(o -> o.path("port").asString())
                .containsExactly("8080", "9090");
    }

    private static void policy(Space space, String name, String spec) {
        space.cluster("admissionregistration.k8s.io/v1", "validatingadmissionpolicies")
                .create(
                        """
                        apiVersion: admissionregistration.k8s.io/v1
                        kind: ValidatingAdmissionPolicy
                        metadata: {name: %s}
                        spec:
                          matchConstraints:
                            namespaceSelector: {matchLabels: {space: %s}}
                            resourceRules:
                            - {apiGroups: [apps], apiVersions: [v1], operations: [CREATE, UPDATE], resources: [deployments]}
                        %s
                        """
                                .formatted(name, space.namespace(), spec.indent(2)));
        space.cluster("admissionregistration.k8s.io/v1", "validatingadmissionpolicybindings")
                .create(
                        """
                        apiVersion: admissionregistration.k8s.io/v1
                        kind: ValidatingAdmissionPolicyBinding
                        metadata: {name: %1$s}
                        spec: {policyName: %1$s, validationActions: [Deny]}
                        """
                                .formatted(name));
    }

    @Upstream({
        "[sig-api-machinery] ValidatingAdmissionPolicy [Privileged:ClusterAdmin] should validate"
                + " against a Deployment [Conformance]",
        "[sig-api-machinery] ValidatingAdmissionPolicy [Privileged:ClusterAdmin] should allow"
                + " expressions to refer variables. [Conformance]"
    })
    @InWorlds
    void aPolicyJudgesDeployments(Space space) {
        policy(
                space,
                Space.unique("policy"),
                """
                variables:
                - {name: replicas, expression: object.spec.replicas}
                - {name: oddReplicas, expression: variables.replicas % 2 == 1}
                validations:
                - {expression: variables.replicas > 1}
                - {expression: variables.oddReplicas, messageExpression: "'wants an odd number, not ' + string(variables.replicas)"}
                """);
        Objects deployments = space.objects("apps/v1", "deployments");
        assertThat(
                        Refused.by(() -> deployments.create(WorkloadIT.deployment("d", 1, "i")))
                                .message())
                .contains("failed expression: variables.replicas > 1");
        assertThat(
                        Refused.by(() -> deployments.create(WorkloadIT.deployment("d", 2, "i")))
                                .message())
                .contains("denied request: wants an odd number, not 2");
        deployments.create(WorkloadIT.deployment("d", 3, "i"));
    }
}
