package io.hypernetes.api.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.apply.ManagedFields.Entry;
import io.hypernetes.api.json.Json;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Random;

/** The rules of structured merge, for random schemas, objects and managers. */
final class StructuredMergeLawsTest {

    private static FieldSet owned(ObjectNode object, String manager) {
        Entry entry = ManagedFields.ofOrNone(object).get(Manager.applier(manager, ""));
        return entry == null ? FieldSet.EMPTY : entry.fields();
    }

    private static FieldSet leaves(RandomObjects world, ObjectNode object) {
        ObjectNode plain = object.deepCopy();
        plain.withObject("metadata").remove("managedFields");
        return FieldManager.managed(Leaves.of(world.schema(), plain));
    }

    private static ObjectNode untimed(ObjectNode object) {
        ObjectNode copy = object.deepCopy();
        for (JsonNode entry : copy.path("metadata").path("managedFields")) {
            ((ObjectNode) entry).remove("time");
        }
        return copy;
    }

    private static ObjectNode apply(
            RandomObjects world, ObjectNode live, ObjectNode config, String manager) {
        return world.manager().apply(live, config, manager, true);
    }

    @Property(tries = 400)
    void anApplierOwnsWhatItLastSent(@ForAll long seed) {
        RandomObjects world = new RandomObjects(seed);
        ObjectNode live = apply(world, Json.object(), world.object(), "b");
        for (int i = 0; i < 3; i++) {
            ObjectNode config = world.object();
            live = apply(world, live, config, "a");
            assertThat(owned(live, "a")).isEqualTo(leaves(world, config));
        }
    }

    @Property(tries = 400)
    void aSecondApplyOfTheSameChangesNothing(@ForAll long seed) {
        RandomObjects world = new RandomObjects(seed);
        ObjectNode before = apply(world, Json.object(), world.object(), "b");
        ObjectNode config = world.object();
        ObjectNode once = apply(world, before, config, "a");
        ObjectNode twice = world.manager().apply(once, config, "a", false);
        assertThat(twice).isEqualTo(once);
    }

    @Property(tries = 400)
    void whatIsAppliedIsThere(@ForAll long seed) {
        RandomObjects world = new RandomObjects(seed);
        ObjectNode before = apply(world, Json.object(), world.object(), "b");
        ObjectNode config = world.object();
        ObjectNode after = apply(world, before, config, "a");
        Comparison missing = Comparison.of(world.schema(), after, config);
        assertThat(missing.changed().difference(FieldSet.of("metadata"))).isEqualTo(FieldSet.EMPTY);
    }

    @Property(tries = 400)
    void whatAnApplierDropsGoesUnlessAnotherOwnsIt(@ForAll long seed) {
        RandomObjects world = new RandomObjects(seed);
        ObjectNode live = apply(world, Json.object(), world.object(), "a");
        live = apply(world, live, world.object(), "b");
        FieldSet ofA = owned(live, "a");
        FieldSet ofB = owned(live, "b");
        FieldSet there = leaves(world, live);
        ObjectNode left = apply(world, live, RandomObjects.base(), "a");
        FieldSet rest = leaves(world, left);
        assertThat(rest.intersection(ofA.difference(ofB))).isEqualTo(FieldSet.EMPTY);
        assertThat(ofB.intersection(there).difference(rest)).isEqualTo(FieldSet.EMPTY);
        assertThat(owned(left, "a")).isEqualTo(FieldSet.EMPTY);
    }

    @Property(tries = 400)
    void allThatWasAppliedHasAnOwnerAndNothingElse(@ForAll long seed) {
        RandomObjects world = new RandomObjects(seed);
        ObjectNode live = Json.object();
        for (String manager : List.of("a", "b", "c", "a", "b")) {
            live = apply(world, live, world.object(), manager);
        }
        FieldSet owned = owned(live, "a").union(owned(live, "b")).union(owned(live, "c"));
        assertThat(owned).isEqualTo(leaves(world, live));
    }

    @Property(tries = 400)
    void forceSettlesAConflict(@ForAll long seed) {
        RandomObjects world = new RandomObjects(seed);
        ObjectNode live = apply(world, Json.object(), world.object(), "a");
        ObjectNode config = world.object();
        boolean conflicts = false;
        try {
            world.manager().apply(live, config, "b", false);
        } catch (ApiException e) {
            conflicts = true;
            assertThat(e.status().details().orElseThrow().causes())
                    .allSatisfy(
                            cause -> assertThat(cause.message()).isEqualTo("conflict with \"a\""));
        }
        ObjectNode forced = apply(world, live, config, "b");
        if (!conflicts) {
            assertThat(untimed(forced))
                    .isEqualTo(untimed(world.manager().apply(live, config, "b", false)));
        }
        assertThatCode(() -> world.manager().apply(forced, config, "b", false))
                .doesNotThrowAnyException();
        // Who owns a field together agrees on its value.
        FieldSet together = owned(forced, "a").intersection(owned(forced, "b"));
        FieldSet changed = Comparison.of(world.schema(), live, forced).changed();
        assertThat(together.intersection(changed)).isEqualTo(FieldSet.EMPTY);
    }

    @Property(tries = 400)
    void theOrderOfAppliersThatShareNothingIsNoMatter(@ForAll long seed) {
        RandomObjects world = new RandomObjects(seed);
        List<ObjectNode> parts = world.parts();
        FieldManager manager = world.manager();
        ObjectNode one =
                manager.apply(
                        manager.apply(Json.object(), parts.getFirst(), "a", false),
                        parts.getLast(),
                        "b",
                        false);
        ObjectNode other =
                manager.apply(
                        manager.apply(Json.object(), parts.getLast(), "b", false),
                        parts.getFirst(),
                        "a",
                        false);
        assertThat(RandomObjects.unordered(untimed(one)))
                .isEqualTo(RandomObjects.unordered(untimed(other)));
    }

    @Property(tries = 400)
    void aChangedFieldHasOneOwner(@ForAll long seed) {
        RandomObjects world = new RandomObjects(seed);
        ObjectNode live = world.object();
        live.withObject("metadata").withObject("labels").put("tracked", "from the start");
        world.manager().create(live, "a");
        ObjectNode next = world.object();
        world.manager().update(live, next, "b");
        ManagedFields managed = ManagedFields.ofOrNone(next);
        Comparison comparison = Comparison.of(world.schema(), plain(live), plain(next));
        Entry a = managed.get(Manager.updater("a", "example.com/v1", ""));
        Entry b = managed.get(Manager.updater("b", "example.com/v1", ""));
        assertThat(b == null ? FieldSet.EMPTY : b.fields())
                .isEqualTo(FieldManager.managed(comparison.changed()));
        if (a != null && b != null) {
            assertThat(a.fields().intersection(b.fields())).isEqualTo(FieldSet.EMPTY);
            assertThat(a.fields().intersection(comparison.removed())).isEqualTo(FieldSet.EMPTY);
        }
        ObjectNode same = next.deepCopy();
        world.manager().update(next, same, "c");
        assertThat(same).isEqualTo(next);
    }

    /** Of one shape are only objects with the same paths, whatever is in them. */
    @Property(tries = 400)
    void theCreatorsFieldsAreThoseOfAComparisonWithNothing(@ForAll long seed) {
        RandomObjects world = new RandomObjects(seed);
        for (int i = 0; i < 20; i++) {
            ObjectNode object = world.object();
            hollow(world.random(), object);
            FieldSet found = CreatedFields.find(world.schema(), FieldFilter.ALL, object);
            FieldSet fields = CreatedFields.of(world.schema(), FieldFilter.ALL, object);
            assertThat(fields).isEqualTo(found);
            assertThat(Json.text(FieldsV1.encode(fields)))
                    .isEqualTo(Json.text(FieldsV1.encode(found)));
        }
    }

    /** Makes some of it null or empty. */
    private static void hollow(Random random, JsonNode value) {
        if (value instanceof ObjectNode object) {
            for (String name : List.copyOf(object.propertyNames())) {
                switch (name.equals("key") ? 9 : random.nextInt(10)) {
                    case 0 -> object.putNull(name);
                    case 1 -> object.putObject(name);
                    case 2 -> object.putArray(name);
                    default -> hollow(random, object.get(name));
                }
            }
        } else {
            value.forEach(item -> hollow(random, item));
        }
    }

    private static ObjectNode plain(ObjectNode object) {
        ObjectNode copy = object.deepCopy();
        copy.withObject("metadata").remove("managedFields");
        return copy;
    }

    @Property(tries = 400)
    void mergeKeepsBothSides(@ForAll long seed) {
        RandomObjects world = new RandomObjects(seed);
        ObjectNode live = world.object();
        ObjectNode config = world.object();
        JsonNode merged = Merge.of(world.schema(), live, config);
        assertThat(Leaves.of(world.schema(), merged))
                .isEqualTo(
                        Leaves.of(world.schema(), live).union(Leaves.of(world.schema(), config)));
        assertThat(Merge.of(world.schema(), merged, config)).isEqualTo(merged);
        assertThat(Merge.of(world.schema(), live, live)).isEqualTo(live);
    }

    @Property(tries = 400)
    void removalTakesTheMembersAndNothingElse(@ForAll long seed) {
        RandomObjects world = new RandomObjects(seed);
        ObjectNode object = world.object();
        FieldSet all = Leaves.of(world.schema(), object);
        FieldSet some = Leaves.of(world.schema(), world.object());
        JsonNode rest = Removal.of(world.schema(), object, some);
        FieldSet left = Leaves.of(world.schema(), rest);
        assertThat(left.intersection(some)).isEqualTo(FieldSet.EMPTY);
        assertThat(all.without(some).difference(left)).isEqualTo(FieldSet.EMPTY);
        assertThat(Removal.of(world.schema(), object, FieldSet.EMPTY)).isEqualTo(object);
    }
}
