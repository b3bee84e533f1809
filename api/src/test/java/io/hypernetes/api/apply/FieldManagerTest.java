package io.hypernetes.api.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.GroupVersionKind;
import io.hypernetes.api.Trees;
import io.hypernetes.api.schema.Schemas;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What clients of upstream see in {@code managedFields}, kind by kind. */
final class FieldManagerTest {

    private static final FieldManager DEPLOYMENTS =
            FieldManager.of(
                    Schemas.kubernetes().struct("io.k8s.api.apps.v1.Deployment"),
                    GroupVersionKind.of("apps/v1", "Deployment"),
                    FieldFilter.without(FieldSet.of("status")));

    private static final String DEPLOYMENT =
            """
            {'apiVersion':'apps/v1','kind':'Deployment',
             'metadata':{'name':'web','namespace':'default','labels':{'app':'web'}},
             'spec':{'replicas':3,'selector':{'matchLabels':{'app':'web'}},
              'template':{'metadata':{'labels':{'app':'web'}},
               'spec':{'containers':[{'name':'c','image':'i',
                'ports':[{'containerPort':80,'protocol':'TCP'}]}]}}}}
            """;

    private static ObjectNode object(String json) {
        return Trees.object(json);
    }

    private static JsonNode entry(ObjectNode object, String manager) {
        for (JsonNode entry : object.path("metadata").path("managedFields")) {
            if (entry.path("manager").asString("").equals(manager)) {
                return entry;
            }
        }
        throw new AssertionError("no " + manager + " in " + object);
    }

    private static ObjectNode stored(ObjectNode object) {
        ObjectNode stored = object.deepCopy();
        ((ObjectNode) stored.get("metadata")).put("uid", "u");
        return stored;
    }

    @Test
    void whoCreatesADeploymentOwnsWhatGoDoesNotWriteAnyway() {
        ObjectNode web = object(DEPLOYMENT);
        DEPLOYMENTS.create(web, "kubectl-create");
        JsonNode entry = entry(web, "kubectl-create");
        assertThat(entry.path("operation").asString()).isEqualTo("Update");
        assertThat(entry.path("apiVersion").asString()).isEqualTo("apps/v1");
        assertThat(entry.path("time").asString()).isNotEmpty();
        assertThat(entry.get("fieldsV1"))
                .isEqualTo(
                        object(
                                """
                                {'f:metadata':{'f:labels':{'.':{},'f:app':{}}},
                                 'f:spec':{'f:replicas':{},'f:selector':{},
                                  'f:template':{'f:metadata':{'f:labels':{'.':{},'f:app':{}}},
                                   'f:spec':{'f:containers':{'k:{\\"name\\":\\"c\\"}':{'.':{},
                                    'f:image':{},'f:name':{},
                                    'f:ports':{'.':{},
                                     'k:{\\"containerPort\\":80,\\"protocol\\":\\"TCP\\"}':
                                      {'.':{},'f:containerPort':{},'f:protocol':{}}}}}}}}}
                                """));
    }

    @Test
    void whatAnUpdateChangesChangesHands() {
        ObjectNode web = object(DEPLOYMENT);
        DEPLOYMENTS.create(web, "a");
        ObjectNode live = stored(web);
        ObjectNode scaled = live.deepCopy();
        ((ObjectNode) scaled.get("spec")).put("replicas", 5);
        DEPLOYMENTS.update(live, scaled, "b");
        assertThat(entry(scaled, "b").get("fieldsV1"))
                .isEqualTo(object("{'f:spec':{'f:replicas':{}}}"));
        assertThat(entry(scaled, "a").path("fieldsV1").path("f:spec").has("f:replicas")).isFalse();
        assertThat(entry(scaled, "a").get("time")).isEqualTo(entry(live, "a").get("time"));
    }

    /** It is for the rules to say what is wrong with a container that has no name. */
    @Test
    void aNewObjectWhoseItemsCannotBeToldApartHasNoOwners() {
        ObjectNode web = object(DEPLOYMENT);
        web.withObject("/spec/template/spec").putArray("containers").addObject();
        DEPLOYMENTS.create(web, "a");
        assertThat(web.path("metadata").has("managedFields")).isFalse();
    }

    /** Nothing forbids a condition without its type. */
    @Test
    void whatCannotBeToldApartHasNoOwners() {
        ObjectNode web = object(DEPLOYMENT);
        DEPLOYMENTS.create(web, "a");
        ObjectNode changed = stored(web);
        changed.putObject("spec").putObject("template").putObject("spec");
        changed.withObject("/spec/template/spec").putArray("containers").addObject();
        DEPLOYMENTS.update(stored(web), changed, "b");
        assertThat(changed.path("metadata").has("managedFields")).isFalse();
    }

    @Test
    void anApplierThatMeetsAnothersFieldIsToldWhose() {
        ObjectNode web = object(DEPLOYMENT);
        DEPLOYMENTS.create(web, "a");
        ObjectNode live = stored(web);
        ObjectNode config =
                object(
                        "{'apiVersion':'apps/v1','kind':'Deployment','metadata':{'name':'web'},"
                                + "'spec':{'replicas':4}}");
        assertThatThrownBy(() -> DEPLOYMENTS.apply(live, config, "b", false))
                .isInstanceOfSatisfying(
                        ApiException.class,
                        e -> {
                            assertThat(e.status().message())
                                    .isEqualTo(
                                            "Apply failed with 1 conflict: conflict with \"a\""
                                                    + " using apps/v1: .spec.replicas");
                            assertThat(e.status().details().orElseThrow().causes().getFirst())
                                    .satisfies(cause -> {
                                        assertThat(cause.reason())
                                                .isEqualTo("FieldManagerConflict");
                                        assertThat(cause.field()).isEqualTo(".spec.replicas");
                                        assertThat(cause.message())
                                                .isEqualTo("conflict with \"a\" using apps/v1");
                                    });
                        });
        ObjectNode forced = DEPLOYMENTS.apply(live, config, "b", true);
        assertThat(forced.path("spec").path("replicas").intValue()).isEqualTo(4);
        assertThat(entry(forced, "b").get("fieldsV1"))
                .isEqualTo(object("{'f:spec':{'f:replicas':{}}}"));
        assertThat(entry(forced, "b").path("operation").asString()).isEqualTo("Apply");
        assertThat(entry(forced, "a").path("fieldsV1").path("f:spec").has("f:replicas")).isFalse();
    }

    @Test
    void severalConflictsAreListedByManager() {
        ObjectNode web = object(DEPLOYMENT);
        DEPLOYMENTS.create(web, "a");
        ObjectNode config =
                object(
                        "{'apiVersion':'apps/v1','kind':'Deployment','metadata':{'name':'web',"
                                + "'labels':{'app':'x'}},'spec':{'replicas':4}}");
        assertThatThrownBy(() -> DEPLOYMENTS.apply(stored(web), config, "b", false))
                .hasMessage(
                        """
                        Apply failed with 2 conflicts: conflicts with "a" using apps/v1:
                        - .metadata.labels.app
                        - .spec.replicas\
                        """);
    }

    @Test
    void whatAnApplierNoLongerSendsGoes() {
        ObjectNode created = DEPLOYMENTS.apply(object("{}"), object(DEPLOYMENT), "a", false);
        assertThat(entry(created, "a").get("fieldsV1"))
                .isEqualTo(
                        object(
                                """
                                {'f:metadata':{'f:labels':{'f:app':{}}},
                                 'f:spec':{'f:replicas':{},'f:selector':{},
                                  'f:template':{'f:metadata':{'f:labels':{'f:app':{}}},
                                   'f:spec':{'f:containers':{'k:{\\"name\\":\\"c\\"}':{'.':{},
                                    'f:image':{},'f:name':{},
                                    'f:ports':{
                                     'k:{\\"containerPort\\":80,\\"protocol\\":\\"TCP\\"}':
                                      {'.':{},'f:containerPort':{},'f:protocol':{}}}}}}}}}
                                """));
        ObjectNode live = stored(created);
        ((ObjectNode) live.get("spec")).put("paused", true); // as a default or nobody's
        String smaller =
                DEPLOYMENT
                        .replace("'replicas':3,", "")
                        .replace(",\n    'ports':[{'containerPort':80,'protocol':'TCP'}]", "");
        assertThat(smaller).doesNotContain("ports").doesNotContain("replicas");
        ObjectNode applied = DEPLOYMENTS.apply(live, object(smaller), "a", false);
        assertThat(applied.path("spec").has("replicas")).isFalse();
        assertThat(applied.path("spec").path("paused").booleanValue()).isTrue();
        JsonNode container =
                applied.path("spec").path("template").path("spec").path("containers").path(0);
        assertThat(container.has("ports")).isFalse();
        assertThat(container.path("image").asString()).isEqualTo("i");
    }

    @Test
    void aConfigurationThatDoesNotFitIsRefusedInUpstreamsWords() {
        assertThatThrownBy(() ->
                        DEPLOYMENTS.apply(
                                object("{}"),
                                object(DEPLOYMENT.replace("'replicas'", "'replica'")),
                                "a",
                                false))
                .hasMessage(
                        "failed to create typed patch object (default/web; apps/v1,"
                                + " Kind=Deployment): .spec.replica: field not declared in schema");
        assertThatThrownBy(() ->
                        DEPLOYMENTS.apply(
                                object("{}"),
                                object(
                                        DEPLOYMENT.replace(
                                                "'ports'",
                                                "'env':[{'name':'A'},{'name':'A'}],'ports'")),
                                "a",
                                false))
                .hasMessageEndingWith(
                        ".spec.template.spec.containers[name=\"c\"].env: duplicate entries for key"
                                + " [name=\"A\"]");
        assertThatThrownBy(() ->
                        DEPLOYMENTS.apply(
                                object("{}"), object(DEPLOYMENT.replace("3", "'3'")), "a", false))
                .hasMessageEndingWith(
                        ".spec.replicas: expected numeric (int or float), got string");
    }

    @Test
    void anUntrackedObjectsFieldsWereThereBeforeTheFirstApply() {
        ObjectNode live = stored(object(DEPLOYMENT));
        ObjectNode config =
                object(
                        "{'apiVersion':'apps/v1','kind':'Deployment','metadata':{'name':'web',"
                                + "'annotations':{'x':'y'}}}");
        ObjectNode applied = DEPLOYMENTS.apply(live, config, "b", false);
        assertThat(
                        entry(applied, "before-first-apply")
                                .path("fieldsV1")
                                .path("f:spec")
                                .has("f:replicas"))
                .isTrue();
    }

    @Test
    void theOldestUpdatersAreJoined() {
        ObjectNode live = object(DEPLOYMENT);
        DEPLOYMENTS.create(live, "m0");
        for (int i = 1; i <= 15; i++) {
            ObjectNode next = stored(live);
            ((ObjectNode) next.get("metadata").get("labels")).put("l" + i, "x");
            DEPLOYMENTS.update(stored(live), next, "m" + i);
            live = next;
        }
        assertThat(live.path("metadata").path("managedFields").size()).isEqualTo(10);
        assertThat(entry(live, "ancient-changes").path("operation").asString()).isEqualTo("Update");
    }

    @Test
    void anEmptyEntryClearsTheTable() {
        ObjectNode live = object(DEPLOYMENT);
        DEPLOYMENTS.create(live, "a");
        ObjectNode cleared = stored(live);
        cleared.withObject("metadata").putArray("managedFields").addObject();
        DEPLOYMENTS.update(stored(live), cleared, "b");
        assertThat(cleared.path("metadata").has("managedFields")).isFalse();
    }

    @Test
    void kubectlTakesOverWhatItSetOnTheClientsSide() {
        ObjectNode live = object(DEPLOYMENT);
        ((ObjectNode) live.get("metadata"))
                .putObject("annotations")
                .put(
                        "kubectl.kubernetes.io/last-applied-configuration",
                        object(DEPLOYMENT).toString());
        DEPLOYMENTS.create(live, "kubectl-client-side-apply");
        ObjectNode config = object(DEPLOYMENT.replace("'replicas':3", "'replicas':4"));
        ObjectNode applied = DEPLOYMENTS.apply(stored(live), config, "kubectl", false);
        assertThat(applied.path("spec").path("replicas").intValue()).isEqualTo(4);
        assertThat(
                        applied.path("metadata")
                                .path("annotations")
                                .path("kubectl.kubernetes.io/last-applied-configuration")
                                .asString())
                .contains("\"replicas\":4");
        assertThatThrownBy(() -> DEPLOYMENTS.apply(stored(live), config, "other", false))
                .hasMessageContaining("conflict with \"kubectl-client-side-apply\"");
    }
}
