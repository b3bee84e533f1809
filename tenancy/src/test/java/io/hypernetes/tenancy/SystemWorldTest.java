package io.hypernetes.tenancy;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.api.types.flowcontrol.MandatoryObjects;
import io.hypernetes.api.types.flowcontrol.SuggestedObjects;
import io.hypernetes.memoryclient.MemoryClient;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.HashMap;
import java.util.Map;

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
}
