package io.hypernetes.api.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hypernetes.api.Trees;

import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

import tools.jackson.databind.node.ObjectNode;

/** Sets of fields are sets, and their JSON form says all of them. */
final class FieldSetLawsTest {

    private static FieldSet set(RandomObjects world) {
        return Leaves.of(world.schema(), world.object());
    }

    @Property(tries = 300)
    void theyAreSets(@ForAll long seed) {
        RandomObjects world = new RandomObjects(seed);
        FieldSet a = set(world);
        FieldSet b = set(world);
        FieldSet c = set(world);
        assertThat(a.union(b)).isEqualTo(b.union(a));
        assertThat(a.union(b).union(c)).isEqualTo(a.union(b.union(c)));
        assertThat(a.intersection(b)).isEqualTo(b.intersection(a));
        assertThat(a.intersection(b.union(c)))
                .isEqualTo(a.intersection(b).union(a.intersection(c)));
        assertThat(a.difference(b).union(a.intersection(b))).isEqualTo(a);
        assertThat(a.difference(b).intersection(b)).isEqualTo(FieldSet.EMPTY);
        assertThat(a.difference(a)).isEqualTo(FieldSet.EMPTY);
        assertThat(a.union(a)).isEqualTo(a);
        assertThat(a.without(b).difference(a.difference(b))).isEqualTo(FieldSet.EMPTY);
        assertThat(a.union(b).size()).isEqualTo(a.size() + b.size() - a.intersection(b).size());
        assertThat(a.paths()).hasSize(a.size()).doesNotHaveDuplicates();
    }

    @Property(tries = 300)
    void theJsonFormSaysAllOfThem(@ForAll long seed) {
        RandomObjects world = new RandomObjects(seed);
        FieldSet set = set(world);
        ObjectNode encoded = FieldsV1.encode(set);
        assertThat(FieldsV1.decode(encoded)).isEqualTo(set);
        assertThat(FieldsV1.encode(FieldsV1.decode(encoded)).toString())
                .isEqualTo(encoded.toString());
    }

    @Example
    void stepsAreOrderedAsUpstreamOrdersThem() {
        ObjectNode mixed =
                Trees.object(
                        "{'i:1':{},'v:10':{},'v:9':{},'k:{\\\"a\\\":1}':{'.':{},'f:z':{}},"
                                + "'f:b':{},'f:a':{'f:x':{}},'x:later':{}}");
        assertThat(FieldsV1.encode(FieldsV1.decode(mixed)).toString())
                .isEqualTo(
                        Trees.object(
                                        "{'f:a':{'f:x':{}},'f:b':{},"
                                                + "'k:{\\\"a\\\":1}':{'.':{},'f:z':{}},"
                                                + "'v:9':{},'v:10':{},'i:1':{}}")
                                .toString());
    }

    @Example
    void nonsenseIsRefused() {
        for (String bad : new String[] {"{'f':{}}", "{'fx':{}}", "{'i:x':{}}", "{'k:1':{}}"}) {
            assertThatThrownBy(() -> FieldsV1.decode(Trees.node(bad)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> FieldsV1.decode(Trees.node("{'f:a':1}")))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
