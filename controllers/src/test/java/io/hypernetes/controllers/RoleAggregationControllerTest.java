package io.hypernetes.controllers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.DeleteOptions;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.memoryclient.MemoryClient;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import tools.jackson.databind.node.ObjectNode;

import java.time.Duration;
import java.util.List;

final class RoleAggregationControllerTest {
    private static final Tenant ACME = new Tenant("acme");
    private static final Tenant GLOBEX = new Tenant("globex");
    private static final Duration LONG = Duration.ofSeconds(60);

    private final MemoryClient client = new MemoryClient();
    private final RoleAggregationController controller =
            new RoleAggregationController(client).start();

    @AfterEach
    void stop() {
        controller.close();
    }

    @Test
    void aRoleIsMadeOfThoseThatItsRuleSelects() {
        part(GLOBEX, "theirs", "secrets", "part");
        whole();
        part(ACME, "first", "pods", "part");
        part(ACME, "other", "nodes", "nothing");
        await().atMost(LONG).untilAsserted(() -> assertThat(rules()).containsExactly("pods"));
        part(ACME, "second", "services", "part");
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(rules()).containsExactly("pods", "services"));

        ObjectNode written = client.get(BuiltinTypes.CLUSTER_ROLES, key("whole"));
        written.putArray("rules");
        client.update(BuiltinTypes.CLUSTER_ROLES, ACME, written);
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(rules()).containsExactly("pods", "services"));

        client.delete(BuiltinTypes.CLUSTER_ROLES, key("first"), DeleteOptions.DEFAULT);
        await().atMost(LONG).untilAsserted(() -> assertThat(rules()).containsExactly("services"));
    }

    @Test
    void theOperatorsDefaultRolesArePartsInEveryWorldAndItsOthersAreNot() {
        part(Tenant.SYSTEM, "own", "nodes", "part");
        ObjectNode common = role("default", "pods", "part");
        common.withObject("metadata")
                .withObject("labels")
                .put("kubernetes.io/bootstrapping", "rbac-defaults");
        client.create(BuiltinTypes.CLUSTER_ROLES, Tenant.SYSTEM, common);
        part(ACME, "first", "services", "part");
        whole();
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(rules()).containsExactly("pods", "services"));
    }

    private static ObjectKey key(String name) {
        return new ObjectKey(ACME, "", name);
    }

    private void whole() {
        ObjectNode whole = Json.object();
        whole.putObject("metadata").put("name", "whole");
        whole.putObject("aggregationRule")
                .putArray("clusterRoleSelectors")
                .addObject()
                .putObject("matchLabels")
                .put("is", "part");
        client.create(BuiltinTypes.CLUSTER_ROLES, ACME, whole);
    }

    private static ObjectNode role(String name, String resource, String label) {
        ObjectNode role = Json.object();
        role.putObject("metadata").put("name", name).putObject("labels").put("is", label);
        ObjectNode rule = role.putArray("rules").addObject();
        rule.putArray("apiGroups").add("");
        rule.putArray("resources").add(resource);
        rule.putArray("verbs").add("get");
        return role;
    }

    private void part(Tenant tenant, String name, String resource, String label) {
        client.create(BuiltinTypes.CLUSTER_ROLES, tenant, role(name, resource, label));
    }

    private List<String> rules() {
        return client.get(BuiltinTypes.CLUSTER_ROLES, key("whole"))
                .path("rules")
                .valueStream()
                .map(rule -> rule.path("resources").path(0).asString(""))
                .toList();
    }
}
