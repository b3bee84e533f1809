package io.hypernetes.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.Metadata;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Optional;

/**
 * What upstream's tests called "should support … API operations" do: the resource is discovered,
 * created, read, listed, watched, patched, replaced, deleted alone and with others; its status is
 * read, patched and replaced.
 *
 * @param spec everything of an object but its metadata
 * @param status a merge patch of the status, for resources that have the subresource
 */
record Lifecycle(Space space, Objects objects, String kind, String spec, Optional<String> status) {

    Lifecycle(Space space, Objects objects, String kind, String spec) {
        this(space, objects, kind, spec, Optional.empty());
    }

    Lifecycle withStatus(String patch) {
        return new Lifecycle(space, objects, kind, spec, Optional.of(patch));
    }

    ObjectNode object(String name) {
        ObjectNode object = Objects.tree(spec);
        object.put("apiVersion", objects.apiVersion()).put("kind", kind);
        Metadata.ensureMetadata(object).put("name", name);
        Metadata.ensureLabels(object).put("special-label", space.namespace());
        return object;
    }

    void run() {
        isDiscovered();
        String mine = Objects.labelled("special-label=" + space.namespace());
        List<String> names = List.of(Space.unique("a"), Space.unique("b"), Space.unique("c"));
        String first = names.getFirst();
        ObjectNode made = objects.create(object(first));
        assertThat(Metadata.uid(made)).isNotEmpty();
        assertThat(objects.get(first).path("metadata").path("uid"))
                .isEqualTo(made.path("metadata").path("uid"));
        names.stream().skip(1).forEach(name -> objects.create(object(name)));
        assertThat(objects.names(mine)).containsExactlyInAnyOrderElementsOf(names);
        assertThat(objects.everyNamespace().names(mine)).containsExactlyInAnyOrderElementsOf(names);
        String listed = Metadata.resourceVersion(objects.listing(mine));
        try (Watching watch = objects.watch(mine + "&resourceVersion=" + listed)) {
            ObjectNode patched =
                    objects.merge(first, "{metadata: {annotations: {patched: 'true'}}}");
            assertThat(Metadata.annotation(patched, "patched")).isEqualTo("true");
            ObjectNode updated =
                    objects.change(
                            first, now -> Metadata.ensureAnnotations(now).put("updated", "true"));
            assertThat(Metadata.annotation(updated, "updated")).isEqualTo("true");
            watch.until(
                    "MODIFIED", object -> Metadata.annotation(object, "patched").equals("true"));
            watch.until(
                    "MODIFIED", object -> Metadata.annotation(object, "updated").equals("true"));
            status.ifPresent(patch -> statusIsWritten(first, patch));
            objects.delete(first);
            watch.until("DELETED", object -> Metadata.name(object).equals(first));
        }
        assertThat(Refused.by(() -> objects.get(first)).reason()).isEqualTo("NotFound");
        assertThat(objects.names(mine)).hasSize(2);
        objects.deleteAll(mine);
        objects.awaitCount(0, mine);
    }

    private void statusIsWritten(String name, String patch) {
        assertThat(objects.get(name, "status").path("metadata").path("name").asString())
                .isEqualTo(name);
        ObjectNode asked = Objects.tree(patch);
        Metadata.ensureAnnotations(asked).put("patchedstatus", "true");
        ObjectNode patched = objects.merge(name, asked.toString(), "status");
        assertThat(Metadata.annotation(patched, "patchedstatus")).isEqualTo("true");
        contains(patched.path("status"), asked.path("status"));
        ObjectNode replaced = replacedStatus(name);
        assertThat(Metadata.annotation(replaced, "updatedstatus")).isEqualTo("true");
        contains(objects.get(name).path("status"), asked.path("status"));
    }

    /** Anew as long as a controller of the kind writes between reading and writing. */
    private ObjectNode replacedStatus(String name) {
        while (true) {
            ObjectNode current = objects.get(name);
            Metadata.ensureAnnotations(current).put("updatedstatus", "true");
            try {
                return objects.replace(current, "status");
            } catch (Refused e) {
                if (!e.reason().equals("Conflict")) {
                    throw e;
                }
            }
        }
    }

    /** Every field of the second is in the first; lists are compared by their length alone. */
    private static void contains(JsonNode whole, JsonNode part) {
        for (var field : part.properties()) {
            JsonNode there = whole.path(field.getKey());
            if (field.getValue().isObject()) {
                contains(there, field.getValue());
            } else if (field.getValue().isArray()) {
                assertThat(there.size()).as(field.getKey()).isEqualTo(field.getValue().size());
            } else {
                assertThat(there).as(field.getKey()).isEqualTo(field.getValue());
            }
        }
    }

    private void isDiscovered() {
        int slash = objects.apiVersion().indexOf('/');
        String resources = slash < 0 ? "/api/v1" : "/apis/" + objects.apiVersion();
        if (slash > 0) {
            String group = objects.apiVersion().substring(0, slash);
            assertThat(space.raw("/apis").path("groups"))
                    .anySatisfy(g -> assertThat(g.path("name").asString()).isEqualTo(group));
            assertThat(space.raw("/apis/" + group).path("versions"))
                    .anySatisfy(v ->
                            assertThat(v.path("groupVersion").asString())
                                    .isEqualTo(objects.apiVersion()));
        }
        List<String> served =
                space.raw(resources)
                        .path("resources")
                        .valueStream()
                        .map(r -> r.path("name").asString())
                        .toList();
        assertThat(served).contains(objects.resource());
        if (status.isPresent()) {
            assertThat(served).contains(objects.resource() + "/status");
        }
    }
}
