package io.hypernetes.api.types;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.Column;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.types.kind.Columns;

import org.junit.jupiter.api.Test;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Every column of every kind tells what it shows, and nothing is told of others. */
class ColumnDescriptionsTest {

    @Test
    void everyColumnIsDescribed() {
        for (ResourceType type : BuiltinTypes.ALL) {
            for (Column column : Columns.shown(type)) {
                assertThat(ColumnDescriptions.of(type, column).isEmpty())
                        .as("%s of %s in columns.txt", column.name(), type.id())
                        .isEqualTo(column.name().equals("Handler")); // as upstream
            }
        }
    }

    @Test
    void nothingIsToldOfColumnsThatAreNotThere() {
        Map<String, Set<String>> shown =
                Stream.concat(BuiltinTypes.ALL.stream(), UnstoredTypes.ALL.stream())
                        .collect(
                                Collectors.toMap(
                                        ColumnDescriptions::resource,
                                        ColumnDescriptionsTest::names,
                                        (one, _) -> one));
        shown.put("*", Set.of("Name", "Age", "Created At"));
        ColumnDescriptions.lines()
                .forEach((resource, lines) ->
                        assertThat(shown.getOrDefault(resource, Set.of()))
                                .as(resource)
                                .containsAll(lines.keySet()));
    }

    private static Set<String> names(ResourceType type) {
        return Columns.shown(type).stream()
                .map(Column::name)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** As upstream's printers take them from the documentation of the Go types. */
    @Test
    void aFieldsDescriptionIsItsColumns() {
        assertThat(told("services", "Cluster-IP")).startsWith("clusterIP is the IP address of");
        assertThat(told("services", "Name")).startsWith("Name must be unique within a namespace.");
        assertThat(told("pods", "Age")).startsWith("CreationTimestamp is a timestamp");
        assertThat(told("nodes", "Version")).isEqualTo("Kubelet Version reported by the node.");
        assertThat(told("pods", "Ready"))
                .isEqualTo("How many containers of the pod are ready, of how many.");
    }

    /** Upstream's printers know one version of a kind, and describe both by its fields. */
    @Test
    void aFieldOfAnotherDefinitionIsToldOfBothVersions() {
        assertThat(told("events", "Source")).startsWith("The component reporting this event.");
        assertThat(ColumnDescriptions.of(BuiltinTypes.EVENTS_V1, column("events", "Source")))
                .isEqualTo(told("events", "Source"));
    }

    private static String told(String plural, String name) {
        return ColumnDescriptions.of(RuleTables.type(plural), column(plural, name));
    }

    private static Column column(String plural, String name) {
        return Columns.shown(RuleTables.type(plural)).stream()
                .filter(column -> column.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
