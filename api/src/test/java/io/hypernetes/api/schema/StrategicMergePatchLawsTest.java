package io.hypernetes.api.schema;

import static io.hypernetes.api.schema.Trees.pod;
import static io.hypernetes.api.schema.Trees.tree;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

import tools.jackson.databind.node.ObjectNode;

import java.util.List;

final class StrategicMergePatchLawsTest {

    @Property(tries = 200)
    void anEmptyPatchChangesNothing(@ForAll("pods") ObjectNode pod) {
        assertThat(StrategicMergePatch.apply(pod(), pod, tree("{}"))).isEqualTo(pod);
    }

    @Property(tries = 200)
    void anObjectPatchedWithItselfIsItself(@ForAll("pods") ObjectNode pod) {
        assertThat(StrategicMergePatch.apply(pod(), pod, pod)).isEqualTo(pod);
    }

    @Property(tries = 200)
    void aSecondApplicationChangesNothing(
            @ForAll("pods") ObjectNode pod, @ForAll("pods") ObjectNode patch) {
        ObjectNode once = StrategicMergePatch.apply(pod(), pod, patch);
        assertThat(StrategicMergePatch.apply(pod(), once, patch)).isEqualTo(once);
    }

    @Provide
    Arbitrary<ObjectNode> pods() {
        Arbitrary<String> env =
                Combinators.combine(Arbitraries.of("X", "Y", "Z"), Arbitraries.of("1", "2"))
                        .as((name, value) -> "{'name':'" + name + "','value':'" + value + "'}");
        Arbitrary<String> container =
                Combinators.combine(
                                Arbitraries.of("a", "b", "c", "d"),
                                unique(env),
                                Arbitraries.of("i", "j"))
                        .as((name, variables, image) ->
                                "{'name':'%s','image':'%s','env':[%s]}"
                                        .formatted(name, image, String.join(",", variables)));
        Arbitrary<List<String>> finalizers =
                Arbitraries.of("'x'", "'y'", "'z'").list().uniqueElements().ofMaxSize(3);
        return Combinators.combine(unique(container), finalizers)
                .as((containers, names) ->
                        tree(
                                "{'metadata':{'finalizers':[%s]},'spec':{'containers':[%s]}}"
                                        .formatted(
                                                String.join(",", names),
                                                String.join(",", containers))));
    }

    private static Arbitrary<List<String>> unique(Arbitrary<String> items) {
        return items.list()
                .uniqueElements(item -> item.substring(0, item.indexOf(',')))
                .ofMaxSize(3);
    }
}
