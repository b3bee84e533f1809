package io.hypernetes.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;

import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.stream.IntStream;

/** Upstream's webhook.go: the configurations themselves. */
final class WebhookConfigurationIT {
    private static final Hooks HOOKS = new Hooks();

    @AfterAll
    static void stop() {
        HOOKS.close();
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
                                HOOKS.register(
                                        space,
                                        "Mutating",
                                        HOOKS.hook(space, "h" + i, "/add-first", Hooks.MAPS, "")))
                        .toList();
        assertThat(Hooks.configurations(space, "Mutating").names(mine))
                .containsExactlyInAnyOrderElementsOf(made);
        assertThat(space.configMaps().create(Hooks.map("a", "a: b")).path("data").size())
                .isEqualTo(2);
        Hooks.configurations(space, "Mutating").deleteAll(mine);
        Hooks.configurations(space, "Mutating").awaitCount(0, mine);
        assertThat(space.configMaps().create(Hooks.map("b", "a: b")).path("data").size())
                .isEqualTo(1);

        IntStream.range(0, 5)
                .forEach(i ->
                        HOOKS.register(
                                space,
                                "Validating",
                                HOOKS.hook(space, "h" + i, "/deny-marked", Hooks.MAPS, "")));
        assertThat(Hooks.configurations(space, "Validating").names(mine)).hasSize(5);
        assertThat(
                        Refused.by(() -> space.configMaps().create(Hooks.map("c", Hooks.UNWANTED)))
                                .message())
                .contains("denied the request");
        Hooks.configurations(space, "Validating").deleteAll(mine);
        Hooks.configurations(space, "Validating").awaitCount(0, mine);
        space.configMaps().create(Hooks.map("c", Hooks.UNWANTED));
    }

    @Upstream({
        "[sig-api-machinery] AdmissionWebhook [Privileged:ClusterAdmin] patching/updating a"
                + " mutating webhook should work [Conformance]",
        "[sig-api-machinery] AdmissionWebhook [Privileged:ClusterAdmin] patching/updating a"
                + " validating webhook should work [Conformance]"
    })
    @InWorlds
    void aChangeOfTheRulesCounts(Space space) {
        String mutating =
                HOOKS.register(
                        space, "Mutating", HOOKS.hook(space, "h", "/add-first", Hooks.MAPS, ""));
        String validating =
                HOOKS.register(
                        space,
                        "Validating",
                        HOOKS.hook(space, "h", "/deny-marked", Hooks.MAPS, ""));
        for (String kind : List.of("Mutating", "Validating")) {
            Objects configurations = Hooks.configurations(space, kind);
            ObjectNode read = configurations.get(kind.equals("Mutating") ? mutating : validating);
            ObjectNode rule = (ObjectNode) read.path("webhooks").path(0).path("rules").path(0);
            rule.putArray("operations").add("UPDATE");
            configurations.replace(read);
        }
        assertThat(space.configMaps().create(Hooks.map("a", Hooks.UNWANTED)).path("data").size())
                .isEqualTo(1);
        for (String kind : List.of("Mutating", "Validating")) {
            Hooks.configurations(space, kind)
                    .patch(
                            kind.equals("Mutating") ? mutating : validating,
                            Objects.JSON_PATCH,
                            "[{\"op\": \"replace\", \"path\": \"/webhooks/0/rules/0/operations\","
                                    + " \"value\": [\"CREATE\"]}]");
        }
        assertThat(space.configMaps().create(Hooks.map("b", "a: b")).path("data").size())
                .isEqualTo(2);
        assertThat(
                        Refused.by(() -> space.configMaps().create(Hooks.map("c", Hooks.UNWANTED)))
                                .message())
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
            Hooks.configurations(space, kind)
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
            String name =
                    HOOKS.register(
                            space, kind, HOOKS.hook(space, "dummy", "/allow", Hooks.PODS, ""));
            assertThat(Hooks.configurations(space, kind).get(name).path("webhooks")).hasSize(1);
            Hooks.configurations(space, kind).delete(name);
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
        HOOKS.register(space, "Mutating", HOOKS.hook(space, "h", "/add-first", Hooks.MAPS, SKIP));
        assertThat(space.configMaps().create(Hooks.map("skip-me", "a: b")).path("data").size())
                .isEqualTo(1);
        assertThat(space.configMaps().create(Hooks.map("other", "a: b")).path("data").size())
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
            Objects configurations = Hooks.configurations(space, kind);
            ObjectNode read =
                    configurations.get(
                            HOOKS.register(
                                    space,
                                    kind,
                                    HOOKS.hook(space, "h", "/allow", Hooks.MAPS, SKIP)));
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
                                            HOOKS.register(
                                                    space,
                                                    kind,
                                                    HOOKS.hook(
                                                            space,
                                                            "bad",
                                                            "/allow",
                                                            Hooks.MAPS,
                                                            wrong)))
                                    .message())
                    .contains("compilation failed");
        }
    }
}
