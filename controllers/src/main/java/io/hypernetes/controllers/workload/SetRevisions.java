package io.hypernetes.controllers.workload;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.Status.Reason;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.client.DeleteOptions;
import io.hypernetes.api.client.Selection;
import io.hypernetes.api.client.TenantObject;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.types.WorkloadTypes;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The templates that a StatefulSet or a DaemonSet has had, each kept as a ControllerRevision. A
 * pod's label tells which it is of: by the revision's name, or by its hash.
 */
final class SetRevisions {
    static final String HASH_LABEL = "controller-revision-hash";

    private final Client client;
    private final Ownership ownership;
    private final String hashLabel;

    private SetRevisions(Client client, ResourceType owners, String hashLabel) {
        this.client = client;
        this.ownership = new Ownership(client, owners, WorkloadTypes.CONTROLLER_REVISIONS);
        this.hashLabel = hashLabel;
    }

    static SetRevisions ofStatefulSets(Client client) {
        return new SetRevisions(
                client, WorkloadTypes.STATEFUL_SETS, "controller.kubernetes.io/hash");
    }

    static SetRevisions ofDaemonSets(Client client) {
        return new SetRevisions(client, WorkloadTypes.DAEMON_SETS, HASH_LABEL);
    }

    /** What a pod of this revision has in its {@link #HASH_LABEL}. */
    private String labelOf(ObjectNode revision) {
        String hash = Metadata.label(revision, HASH_LABEL);
        return hash.isEmpty() ? Metadata.name(revision) : hash;
    }

    /**
     * The revisions that matter now.
     *
     * @param current what the pods had before an update that is under way; else the same
     * @param all oldest first
     */
    record Known(ObjectNode current, ObjectNode update, List<ObjectNode> all) {
        JsonNode template(boolean updated) {
            return plain((updated ? update : current).at("/data/spec/template"));
        }
    }

    /** Makes the revision of today's template if there is none. */
    Known of(ObjectKey key, ObjectNode set) {
        List<ObjectNode> all = new ArrayList<>(owned(key, set));
        all.sort(Comparator.comparingLong(SetRevisions::number).thenComparing(Metadata::name));
        JsonNode template = set.path("spec").path("template");
        Optional<ObjectNode> same =
                all.stream()
                        .filter(r -> Json.same(plain(r.at("/data/spec/template")), template))
                        .reduce((_, later) -> later);
        long next = all.isEmpty() ? 1 : number(all.getLast()) + 1;
        ObjectNode update =
                same.map(known -> moved(key, known, all, next))
                        .orElseGet(() -> create(key, set, template, next));
        if (same.isEmpty()) {
            all.add(update);
        }
        String before = set.path("status").path("currentRevision").asString("");
        ObjectNode current =
                all.stream()
                        .filter(r -> Metadata.name(r).equals(before))
                        .findFirst()
                        .orElse(update);
        return new Known(current, update, all);
    }

    private List<ObjectNode> owned(ObjectKey key, ObjectNode set) {
        return client
                .list(
                        WorkloadTypes.CONTROLLER_REVISIONS,
                        Selection.of(key.tenant(), key.namespace()))
                .items()
                .stream()
                .map(TenantObject::object)
                .filter(revision ->
                        Ownership.controllerOf(revision)
                                .filter(owner -> owner.uid().equals(Metadata.uid(set)))
                                .isPresent())
                .toList();
    }

    private static long number(ObjectNode revision) {
        return revision.path("revision").asLong(0);
    }

    private static JsonNode plain(JsonNode template) {
        if (!(template instanceof ObjectNode object)) {
            return template;
        }
        ObjectNode plain = object.deepCopy();
        plain.remove("$patch");
        return plain;
    }

    /** Who goes back to an older template has it as the newest revision. */
    private ObjectNode moved(ObjectKey key, ObjectNode known, List<ObjectNode> all, long next) {
        if (Metadata.name(known).equals(Metadata.name(all.getLast()))) {
            return known;
        }
        ObjectNode changed = known.deepCopy().put("revision", next);
        ObjectNode written =
                client.update(WorkloadTypes.CONTROLLER_REVISIONS, key.tenant(), changed);
        all.remove(known);
        all.add(written);
        return written;
    }

    private ObjectNode create(ObjectKey key, ObjectNode set, JsonNode template, long number) {
        int collisions = set.path("status").path("collisionCount").asInt(0);
        String hash = Revision.hash(template, collisions);
        ObjectNode revision = Json.object();
        ObjectNode metadata = revision.putObject("metadata");
        metadata.put("namespace", key.namespace()).put("name", key.name() + "-" + hash);
        ObjectNode labels = metadata.putObject("labels");
        template.path("metadata").path("labels").forEachEntry(labels::set);
        labels.put(hashLabel, hash);
        metadata.putArray("ownerReferences").add(ownership.reference(set));
        ObjectNode kept = (ObjectNode) template.deepCopy();
        kept.put("$patch", "replace");
        revision.putObject("data").putObject("spec").set("template", kept);
        revision.put("revision", number);
        return client.create(WorkloadTypes.CONTROLLER_REVISIONS, key.tenant(), revision);
    }

    /** Revisions that no pod has go, but for the newest of them. */
    void forget(ObjectKey key, ObjectNode set, Known known, List<ObjectNode> pods) {
        Set<String> used = new HashSet<>();
        pods.forEach(pod -> used.add(Metadata.label(pod, HASH_LABEL)));
        used.add(labelOf(known.current()));
        used.add(labelOf(known.update()));
        List<ObjectNode> unused =
                known.all().stream().filter(r -> !used.contains(labelOf(r))).toList();
        int limit = set.path("spec").path("revisionHistoryLimit").asInt(10);
        for (int i = 0; i < unused.size() - limit; i++) {
            delete(key, unused.get(i));
        }
    }

    private void delete(ObjectKey key, ObjectNode revision) {
        try {
            client.delete(
                    WorkloadTypes.CONTROLLER_REVISIONS,
                    new ObjectKey(key.tenant(), key.namespace(), Metadata.name(revision)),
                    DeleteOptions.DEFAULT.onlyUid(Metadata.uid(revision)));
        } catch (ApiException e) {
            if (!e.is(Reason.NOT_FOUND)) {
                throw e;
            }
        }
    }
}
