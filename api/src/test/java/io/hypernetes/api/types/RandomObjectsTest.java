package io.hypernetes.api.types;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.FieldError;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.Strategy;
import io.hypernetes.api.types.kind.Columns;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

import tools.jackson.databind.node.ObjectNode;

/** What holds for every object that a schema allows, of every row of the table. */
class RandomObjectsTest {

    @Provide
    Arbitrary<ResourceType> types() {
        return Arbitraries.of(BuiltinTypes.ALL);
    }

    @Property(tries = 1_500)
    void defaultsOfDefaultsAreTheSame(@ForAll("types") ResourceType type, @ForAll long seed) {
        ObjectNode once = new RandomObjects(seed).of(type);
        type.strategy().applyDefaults(once);
        ObjectNode twice = once.deepCopy();
        type.strategy().applyDefaults(twice);
        assertThat(twice).isEqualTo(once);
    }

    /** Rules, warnings and columns look at anything and find faults; they never fail themselves. */
    @Property(tries = 1_500)
    void anythingCanBeJudgedAndShown(@ForAll("types") ResourceType type, @ForAll long seed) {
        RandomObjects objects = new RandomObjects(seed);
        ObjectNode old = objects.of(type);
        ObjectNode object = objects.of(type);
        Strategy strategy = type.strategy();
        strategy.applyDefaults(old);
        strategy.applyDefaults(object);
        ObjectNode before = object.deepCopy();
        for (FieldError error : strategy.validate(object)) {
            assertThat(error.message()).isNotBlank();
        }
        strategy.validateCreate(object);
        strategy.validateUpdate(object, old);
        strategy.validateStatusUpdate(object, old);
        strategy.warningsOnCreate(object);
        strategy.warningsOnUpdate(object, old);
        Columns.shown(type).forEach(column -> assertThat(column.cell().apply(object)).isNotNull());
        assertThat(object).as("judging changes nothing").isEqualTo(before);
        strategy.prepareForUpdate(object, old);
        strategy.prepareForStatusUpdate(before, old);
        strategy.desired(object);
    }

    @Property(tries = 700)
    void aNewObjectStaysDefaultedWhenItIsPrepared(
            @ForAll("types") ResourceType type, @ForAll long seed) {
        ObjectNode made = new RandomObjects(seed).of(type);
        type.strategy().applyDefaults(made);
        type.strategy().prepareForCreate(made);
        ObjectNode again = made.deepCopy();
        type.strategy().applyDefaults(again);
        assertThat(again).isEqualTo(made);
    }
}
