package io.hypernetes.api.types;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.Column;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.types.kind.Columns;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Every column of every kind tells what it shows, and nothing is told of others. */
class ColumnDescriptionsTest {

    @Test
    void everyColumnIsDescribed() {
        for (ResourceType type : BuiltinTypes.ALL) {
            for (Column column : Columns.shown(type)) {
                assertThat(ColumnDescriptions.of(type, column))
                        .as("%s of %s in columns.txt", column.name(), type.id())
                        .isNotEmpty();
            }
        }
    }

    @Test
    void nothingIsToldOfColumnsThatAreNotThere() {
        Map<String, Set<String>> shown =
                BuiltinTypes.ALL.stream()
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

    private static String told(String plural, String name) {
        ResourceType type = RuleTables.type(plural);
        List<Column> named =
                Columns.shown(type).stream().filter(c -> c.name().equals(name)).toList();
        return ColumnDescriptions.of(type, named.getFirst());
    }
}
