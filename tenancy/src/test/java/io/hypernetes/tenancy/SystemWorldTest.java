package io.hypernetes.tenancy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.api.types.flowcontrol.MandatoryObjects;
import io.hypernetes.api.types.flowcontrol.SuggestedObjects;
import io.hypernetes.api.types.networking.ServiceRanges;
import io.hypernetes.identity.rbac.ComponentRoles;
import io.hypernetes.identity.rbac.DefaultRoles;
import io.hypernetes.memoryclient.MemoryClient;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

final class SystemWorldTest {
    private final MemoryClient client = new MemoryClient();

    private ObjectNode made(ResourceType type, String name) {
        return client.get(type, key(name));
    }

    private static ObjectKey key(String name) {
        return new ObjectKey(Tenant.SYSTEM, "", name);
    }

    @Test
    void flowControlHasWhatKubernetesGivesANewClusterAndAllOfItIsValid() {
        SystemWorld.bootstrap(client);
        Map<String, JsonNode> levels = new HashMap<>(MandatoryObjects.PRIORITY_LEVELS);
        levels.putAll(SuggestedObjects.PRIORITY_LEVELS);
        Map<String, JsonNode> schemas = new HashMap<>(MandatoryObjects.FLOW_SCHEMAS);
        schemas.putAll(SuggestedObjects.FLOW_SCHEMAS);
        assertThat(levels).hasSize(8);
        assertThat(schemas).hasSize(11);
        levels.forEach(
                (name, spec) -> isMade(BuiltinTypes.PRIORITY_LEVEL_CONFIGURATIONS, name, spec));
        schemas.forEach((name, spec) -> {
            isMade(BuiltinTypes.FLOW_SCHEMAS, name, spec);
            assertThat(levels).containsKey(spec.at("/priorityLevelConfiguration/name").asString());
        });
    }

    private void isMade(ResourceType type, String name, JsonNode spec) {
        ObjectNode object = made(type, name);
        assertThat(object.path("spec")).as(name).isEqualTo(spec);
        assertThat(Metadata.annotation(object, "apf.kubernetes.io/autoupdate-spec"))
                .isEqualTo("true");
        ObjectNode defaulted = object.deepCopy();
        type.strategy().applyDefaults(defaulted);
        assertThat(defaulted).as(name).isEqualTo(object);
        assertThat(type.strategy().validate(object)).as(name).isEmpty();
    }

    @Test
    void rangesOfServicesStayOnceTheyAreGivenButForASecondFamily() {
        ServiceRanges one = new ServiceRanges(List.of("10.200.0.0/16"));
        ServiceRanges both = new ServiceRanges(List.of("10.200.0.0/16", "fd00:200::/112"));
        SystemWorld.bootstrap(client, Optional.of(one));
        SystemWorld.bootstrap(client, Optional.empty());
        assertThat(SystemWorld.serviceRanges(client)).isEqualTo(one);
        assertThat(one.apiAddresses()).containsExactly("10.200.0.1");
        SystemWorld.bootstrap(client, Optional.of(both));
        SystemWorld.bootstrap(client, Optional.of(both));
        assertThat(SystemWorld.serviceRanges(client)).isEqualTo(both);
        assertThat(both.apiAddresses()).containsExactly("10.200.0.1", "fd00:200::1");
        for (List<String> other : List.of(List.of("10.96.0.0/12"), List.of("10.200.0.0/16"))) {
            assertThatThrownBy(() ->
                            SystemWorld.bootstrap(client, Optional.of(new ServiceRanges(other))))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("come from 10.200.0.0/16,fd00:200::/112, not from");
        }
        for (List<String> wrong :
                List.of(
                        List.<String>of(),
                        List.of("10.0.0.0/8"),
                        List.of("10.96.0.1/16"),
                        List.of("10.96.0.0/16", "10.97.0.0/16"),
                        List.of("fd00::/64"))) {
            assertThatThrownBy(() -> new ServiceRanges(wrong))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void sinceWhenUsesOfLegacyTokensAreMarkedIsToldAndStays() {
        SystemWorld.bootstrap(client);
        ObjectKey tracking =
                new ObjectKey(
                        Tenant.SYSTEM,
                        "kube-system",
                        "kube-apiserver-legacy-service-account-token-tracking");
        ObjectNode made = client.get(BuiltinTypes.CONFIG_MAPS, tracking);
        assertThat(made.at("/data/since").asString())
                .isBetween(LocalDate.EPOCH.toString(), LocalDate.now(ZoneOffset.UTC).toString());
        made.putObject("data").put("since", "2020-02-02");
        made = client.update(BuiltinTypes.CONFIG_MAPS, Tenant.SYSTEM, made);
        SystemWorld.bootstrap(client);
        assertThat(client.get(BuiltinTypes.CONFIG_MAPS, tracking)).isEqualTo(made);
    }

    @Test
    void anotherStartKeepsWhatTheOperatorChanged() {
        SystemWorld.bootstrap(client);
        ObjectNode level = made(BuiltinTypes.PRIORITY_LEVEL_CONFIGURATIONS, "workload-low");
        ((ObjectNode) level.at("/spec/limited")).put("nominalConcurrencyShares", 7);
        client.update(BuiltinTypes.PRIORITY_LEVEL_CONFIGURATIONS, Tenant.SYSTEM, level);
        SystemWorld.bootstrap(client);
        assertThat(
                        made(BuiltinTypes.PRIORITY_LEVEL_CONFIGURATIONS, "workload-low")
                                .at("/spec/limited/nominalConcurrencyShares")
                                .asInt())
                .isEqualTo(7);
    }

    @Test
    void aDefaultRoleIsCompletedAndKeepsWhatTheOperatorAdded() {
        SystemWorld.bootstrap(client);
        ObjectNode viewer = made(BuiltinTypes.CLUSTER_ROLES, "system:public-info-viewer");
        JsonNode own =
                Json.parse("{\"nonResourceURLs\":[\"/own\"],\"verbs\":[\"get\"]}".getBytes(UTF_8));
        viewer.putArray("rules").add(own);
        client.update(BuiltinTypes.CLUSTER_ROLES, Tenant.SYSTEM, viewer);
        ObjectNode left = made(BuiltinTypes.CLUSTER_ROLES, "system:monitoring");
        left.putArray("rules");
        Metadata.ensureAnnotations(left).put(DefaultRoles.AUTO_UPDATE, "false");
        client.update(BuiltinTypes.CLUSTER_ROLES, Tenant.SYSTEM, left);

        SystemWorld.bootstrap(client);

        assertThat(made(BuiltinTypes.CLUSTER_ROLES, "system:public-info-viewer").path("rules"))
                .hasSize(2)
                .contains(own);
        assertThat(made(BuiltinTypes.CLUSTER_ROLES, "system:monitoring").path("rules")).isEmpty();
    }

    @Test
    void componentsHaveTheRolesThatUpstreamGivesThem() {
        SystemWorld.bootstrap(client);
        try (ComponentRolesController _ = new ComponentRolesController(client).start()) {
            await().atMost(Duration.ofMinutes(1))
                    .until(() ->
                            client.find(
                                            BuiltinTypes.ROLE_BINDINGS,
                                            new ObjectKey(
                                                    Tenant.SYSTEM,
                                                    "kube-system",
                                                    "system:controller:token-cleaner"))
                                    .isPresent());
        }
        for (ComponentRoles.Default wanted : ComponentRoles.all()) {
            ObjectKey key =
                    new ObjectKey(
                            Tenant.SYSTEM,
                            Metadata.namespace(wanted.object()),
                            Metadata.name(wanted.object()));
            ObjectNode object = client.get(wanted.type(), key);
            assertThat(wanted.type().strategy().validate(object)).as(key.name()).isEmpty();
            if (object.has("roleRef")) {
                ResourceType role =
                        object.at("/roleRef/kind").asString().equals("Role")
                                ? BuiltinTypes.ROLES
                                : BuiltinTypes.CLUSTER_ROLES;
                String name = object.at("/roleRef/name").asString();
                assertThat(client.find(role, new ObjectKey(Tenant.SYSTEM, key.namespace(), name)))
                        .as(key.name())
                        .isPresent();
            }
        }
    }
}
