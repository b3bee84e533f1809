package io.hypernetes.api.types.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.json.Json;
import io.hypernetes.api.types.BuiltinTypes;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.node.ObjectNode;

/** Each face of an event is selected by the names that its fields have there. */
final class EventSelectionTest {

    @Test
    void theReporterIsSelectedByItsNameInTheVersionAsked() {
        var older = BuiltinTypes.EVENTS.strategy();
        var newer = BuiltinTypes.EVENTS_V1.strategy();
        assertThat(older.selectableFields())
                .contains("involvedObject.name", "reportingComponent", "source")
                .doesNotContain("reportingController");
        assertThat(newer.selectableFields())
                .contains("regarding.name", "reportingController")
                .doesNotContain("reportingComponent", "source");
        ObjectNode event = Json.object().put("reportingController", "test-controller");
        assertThat(newer.selectableValue(event, "reportingController"))
                .isEqualTo("test-controller");
    }
}
