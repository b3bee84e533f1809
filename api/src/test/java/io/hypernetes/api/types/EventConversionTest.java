package io.hypernetes.api.types;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.Trees;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.node.ObjectNode;

import java.util.List;

class EventConversionTest {
    private static final EventConversion CONVERSION = new EventConversion();

    @Test
    void anEventHasOtherNamesForItsFieldsInTheOtherGroup() {
        ObjectNode core =
                Trees.object(
                        """
                        {"apiVersion": "v1", "kind": "Event", "message": "m", "count": 2,
                         "involvedObject": {"kind": "Pod"}, "reportingComponent": "c",
                         "reason": "r"}
                        """);
        ObjectNode event =
                CONVERSION
                        .convert(
                                List.of(core.deepCopy()), BuiltinTypes.EVENTS_V1.groupVersionKind())
                        .getFirst();
        assertThat(event)
                .isEqualTo(
                        Trees.object(
                                """
                                {"apiVersion": "events.k8s.io/v1", "kind": "Event", "note": "m",
                                 "deprecatedCount": 2, "regarding": {"kind": "Pod"},
                                 "reportingController": "c", "reason": "r"}
                                """));
        assertThat(CONVERSION.convert(List.of(event), BuiltinTypes.EVENTS.groupVersionKind()))
                .containsExactly(core);
    }
}
