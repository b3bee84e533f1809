package io.hypernetes.schema.extract;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.List;

final class CommentTest {

    private static final Comment PORTS =
            new Comment(
                    List.of(
                            "List of ports to expose.",
                            "Cannot be updated.",
                            "TODO: say more",
                            "  1. indented",
                            "+optional",
                            "+patchMergeKey=containerPort",
                            "+listMapKey=containerPort",
                            "+listMapKey=protocol",
                            "+default=\"TCP\"",
                            "---",
                            "for developers only"));

    @Test
    void theTextLeavesMarkersAndNotesOut() {
        assertThat(PORTS.text(""))
                .isEqualTo("List of ports to expose. Cannot be updated.\n  1. indented");
    }

    @Test
    void paragraphsAreTakenFromTheModel() {
        assertThat(PORTS.text("List of ports to expose.  Cannot be updated.   1. indented"))
                .isEqualTo("List of ports to expose.\n\nCannot be updated.\n  1. indented");
    }

    @Test
    void markersMayBeRepeated() {
        assertThat(PORTS.values("listMapKey")).containsExactly("containerPort", "protocol");
        assertThat(PORTS.value("default")).hasValue("TCP");
        assertThat(PORTS.rawValue("default")).hasValue("\"TCP\"");
        assertThat(PORTS.value("listType")).isEmpty();
    }
}
