package io.hypernetes.server.registry;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.Metadata;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.Status.Reason;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.schema.FieldValidation;
import io.hypernetes.server.admission.Admission;
import io.hypernetes.server.admission.AdmissionRequest;
import io.hypernetes.server.admission.Charge;
import io.hypernetes.server.custom.CustomTypes;
import io.hypernetes.server.http.Pace;
import io.hypernetes.server.service.ServiceAllocation;
import io.hypernetes.store.Compare;
import io.hypernetes.store.ObjectPath;
import io.hypernetes.store.Store;
import io.hypernetes.store.cache.WatchCache;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * Creates and changes objects: decode, default, admit, validate, and one store transaction that
 * holds only if nothing it was decided on has changed; else all of it again.
 */
public final class Writes {
    private static final int ATTEMPTS = 16;

    private final JudgedByDefinition definitions;
    private final Commits commits;
    private final Reads reads;
    private final Objects objects;
    private final Tracking tracking;
    private final Admission admission;
    private final ServiceAllocation services;
    private final WritePause pause = new WritePause();

    public Writes(
            Store store,
            WatchCache<Served> cache,
            Reads reads,
            CustomTypes types,
            Admission admission) {
        this.definitions = new JudgedByDefinition(types);
        this.commits = new Commits(store, cache, reads, definitions);
        this.reads = reads;
        this.objects = new Objects();
        this.tracking = new Tracking(types);
        this.admission = admission;
        this.services = new ServiceAllocation(reads);
    }

    WritePause pause() {
        return pause;
    }

    /**
     * @param sent what shall be created, each time a tree of its own: nearly always one is enough
     */
    public Served create(
            WriteCall call, ResourceType type, String namespace, Supplier<ObjectNode> sent)
            throws InterruptedException {
        return definitions.judge(
                call,
                type,
                now -> {
                    try (WritePause.Pass _ = pause.enter()) {
                        ObjectNode first = decoded(call, now, sent);
                        Supplier<ObjectNode> again = () -> decoded(call.quiet(), now, sent);
                        return createDecoded(call, now, namespace, first, again);
                    }
                });
    }

    private ObjectNode decoded(WriteCall call, ResourceType type, Supplier<ObjectNode> sent) {
        try (Pace.Turn _ = Pace.writing(0)) {
            ObjectNode object = sent.get();
            objects.decode(call, type, object);
            return object;
        }
    }

    private Served createDecoded(
            WriteCall call,
            ResourceType type,
            String namespace,
            ObjectNode first,
            Supplier<ObjectNode> again)
            throws InterruptedException {
        boolean generated =
                Metadata.name(first).isEmpty() && !Metadata.generateName(first).isEmpty();
        for (int attempt = 1; ; attempt++) {
            ObjectNode candidate = attempt == 1 ? first : again.get();
            if (generated) {
                GeneratedNames.fill(candidate);
            }
            Optional<Served> created = tryCreate(call, type, namespace, candidate, true);
            if (created.isPresent()) {
                return created.get();
            }
            String name = Metadata.name(candidate);
            if (!generated && reads.findOwn(type, call.tenant(), namespace, name).isPresent()) {
                throw ApiException.alreadyExists(type.id(), name);
            }
            if (attempt == ATTEMPTS) {
                throw ApiException.conflict(type.id(), name, "it changed all the time; try again");
            }
        }
    }

    private Optional<Served> tryCreate(
            WriteCall call, ResourceType type, String namespace, ObjectNode object, boolean track)
            throws InterruptedException {
        try (Pace.Turn _ = tracking(type, 0)) {
            objects.beginCreate(type, namespace, object);
            type.strategy().applyDefaults(object);
            if (track) {
                tracking.created(call, type, object);
            }
        }
        AdmissionRequest request = AdmissionRequest.create(call, type, namespace, object);
        admission.mutate(request);
        objects.stampIdentity(object);
        type.strategy().prepareForCreate(object);
        type.schema().addZeros(object);
        Charge taken = services.create(type, call.tenant(), object);
        objects.stampGeneration(type, object);
        try (Pace.Turn _ = Pace.writing(0)) {
            objects.validateNew(type, object);
            type.strategy().warningsOnCreate(object).forEach(call.warnings());
        }
        String name = Metadata.name(object);
        if (reads.findShared(type, call.tenant(), name).isPresent()) {
            throw ApiException.alreadyExists(type.id(), name);
        }
        List<Compare> conditions = new ArrayList<>(admission.validate(request));
        ObjectPath path = Reads.path(type, call.tenant(), namespace, name);
        conditions.add(new Compare.Absent(path.key()));
        if (call.dryRun()) {
            if (reads.findOwn(type, call.tenant(), namespace, name).isPresent()) {
                throw ApiException.alreadyExists(type.id(), name);
            }
            type.schema().addNulls(object);
            return admission.charged(
                    request, _ -> Optional.of(new Served(path, Json.write(object), 0)));
        }
        return admission.charged(
                request, charge -> commits.put(type, path, object, conditions, charge.plus(taken)));
    }

    /** Replaces an object. Throws NotFound, Conflict. */
    public Written update(
            WriteCall call,
            ResourceType type,
            String namespace,
            String name,
            String subresource,
            ObjectNode object)
            throws InterruptedException {
        return definitions.judge(
                call,
                type,
                now -> {
                    ObjectNode own = JudgedByDefinition.owned(now, object);
                    try (Pace.Turn _ = Pace.writing(0)) {
                        objects.decode(call, now, own);
                    }
                    objects.checkNamed(name, own);
                    objects.checkAddressed(now, namespace, name, own);
                    return modify(call, now, namespace, name, subresource, _ -> own.deepCopy());
                });
    }

    /**
     * As {@link #update}, for a client: a kind that allows it is created when it is not there, and
     * one that demands it must say which version it changes.
     */
    public Applied put(
            WriteCall call,
            ResourceType type,
            String namespace,
            String name,
            String subresource,
            ObjectNode object)
            throws InterruptedException {
        return definitions.judge(
                call,
                type,
                now ->
                        putAs(
                                call,
                                now,
                                namespace,
                                name,
                                subresource,
                                JudgedByDefinition.owned(now, object)));
    }

    private Applied putAs(
            WriteCall call,
            ResourceType type,
            String namespace,
            String name,
            String subresource,
            ObjectNode object)
            throws InterruptedException {
        // As upstream: what is wrong with the body is told before what is not there.
        try (Pace.Turn _ = Pace.writing(0)) {
            objects.decode(call, type, object);
        }
        objects.checkNamed(name, object);
        objects.checkAddressed(type, namespace, name, object);
        boolean creates =
                subresource.isEmpty()
                        && UpdateRules.createsOnUpdate(type)
                        && reads.findOwn(type, call.tenant(), namespace, name).isEmpty()
                        && reads.findShared(type, call.tenant(), name).isEmpty();
        if (creates) {
            call.requireCreate(type, namespace, name);
            try (WritePause.Pass _ = pause.enter()) {
                return new Applied(
                        createDecoded(call, type, namespace, object.deepCopy(), object::deepCopy),
                        true);
            } catch (ApiException e) {
                if (!e.is(Reason.ALREADY_EXISTS)) {
                    throw e;
                }
            }
        }
        current(call, type, namespace, name);
        UpdateRules.checkVersioned(call, type, object);
        Written written =
                modify(
                        call,
                        type,
                        namespace,
                        name,
                        subresource,
                        old -> {
                            objects.checkIncarnation(type, name, old, object);
                            return object.deepCopy();
                        });
        return new Applied(written.object(), false);
    }

    /** Changes an object by a patch, decoded as if the result had been sent whole. */
    public Written patch(
            WriteCall call,
            ResourceType type,
            String namespace,
            String name,
            String subresource,
            PatchRequest request)
            throws InterruptedException {
        return definitions.judge(
                call, type, now -> patchAs(call, now, namespace, name, subresource, request));
    }

    private Written patchAs(
            WriteCall call,
            ResourceType type,
            String namespace,
            String name,
            String subresource,
            PatchRequest request)
            throws InterruptedException {
        PatchChanges changes = new PatchChanges(type.schema().struct(), request);
        return modify(
                call,
                type,
                namespace,
                name,
                subresource,
                old -> {
                    ObjectNode changed = changes.apply(old);
                    try {
                        objects.decodePatched(call, type, changed);
                    } catch (ApiException e) {
                        throw changes.undecodable(changed, e);
                    }
                    if (call.validation() == FieldValidation.STRICT) {
                        changes.checkStrictly(changed);
                    }
                    objects.checkNamed(name, changed);
                    return changed;
                });
    }

    /**
     * Server-side apply: creates the object, or changes it so that it says what the caller wants.
     * Throws Conflict where other managers own what would change.
     */
    public Applied apply(
            WriteCall call,
            ResourceType type,
            String namespace,
            String name,
            String subresource,
            ApplyRequest request)
            throws InterruptedException {
        return definitions.judge(
                call, type, now -> applyAs(call, now, namespace, name, subresource, request));
    }

    private Applied applyAs(
            WriteCall call,
            ResourceType type,
            String namespace,
            String name,
            String subresource,
            ApplyRequest request)
            throws InterruptedException {
        try (WritePause.Pass _ = pause.enter()) {
            for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
                Optional<Applied> applied =
                        tryApply(call, type, namespace, name, subresource, request);
                if (applied.isPresent()) {
                    return applied.get();
                }
            }
        }
        throw ApiException.conflict(type.id(), name, "it changed all the time; try again");
    }

    private Optional<Applied> tryApply(
            WriteCall call,
            ResourceType type,
            String namespace,
            String name,
            String subresource,
            ApplyRequest request)
            throws InterruptedException {
        boolean there =
                reads.findOwn(type, call.tenant(), namespace, name).isPresent()
                        || reads.findShared(type, call.tenant(), name).isPresent();
        if (there || !subresource.isEmpty()) {
            Served current = current(call, type, namespace, name);
            ObjectNode old;
            ObjectNode wanted;
            try (Pace.Turn _ = tracking(type, current.bytes().length)) {
                old = Versions.copy(type, current);
                wanted = wanted(call, type, subresource, old.deepCopy(), request);
            }
            return tryUpdate(call, type, subresource, current, old, wanted, false)
                    .map(written -> new Applied(written.object(), false));
        }
        ObjectNode wanted;
        try (Pace.Turn _ = tracking(type, 0)) {
            wanted = wanted(call, type, "", Json.object(), request);
        }
        objects.checkAddressed(type, namespace, name, wanted);
        request.checkNew(type, name);
        // java-operator-sdk sets "1" to mean "only when it is not there": upstream takes any.
        Metadata.ensureMetadata(wanted).remove("resourceVersion");
        call.requireCreate(type, namespace, name);
        return tryCreate(call, type, namespace, wanted, false)
                .map(created -> new Applied(created, true));
    }

    private ObjectNode wanted(
            WriteCall call,
            ResourceType type,
            String subresource,
            ObjectNode live,
            ApplyRequest request) {
        ObjectNode wanted =
                tracking.manager(call.tenant(), type, subresource)
                        .apply(live, request.config(), call.fieldManager(), request.force());
        objects.decode(call, type, wanted);
        return wanted;
    }

    /**
     * Changes an object by the server's own hand, for a subresource that is a verb (a binding).
     *
     * @param change in place; it may refuse by an ApiException
     */
    public Written change(
            WriteCall call,
            ResourceType type,
            String namespace,
            String name,
            String subresource,
            Consumer<ObjectNode> change)
            throws InterruptedException {
        UnaryOperator<ObjectNode> changing =
                old -> {
                    ObjectNode changed = old.deepCopy();
                    change.accept(changed);
                    return changed;
                };
        return definitions.judge(
                call, type, now -> modify(call, now, namespace, name, subresource, changing));
    }

    /**
     * @param change from the current state, which it leaves as it is, to the wanted one; runs again
     *     when another writer was faster
     */
    private Written modify(
            WriteCall call,
            ResourceType type,
            String namespace,
            String name,
            String subresource,
            UnaryOperator<ObjectNode> change)
            throws InterruptedException {
        try (WritePause.Pass _ = pause.enter()) {
            for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
                Served current = current(call, type, namespace, name);
                ObjectNode old;
                ObjectNode wanted;
                try (Pace.Turn _ = Pace.writing(current.bytes().length)) {
                    old = Versions.copy(type, current);
                    wanted = change.apply(old);
                }
                Optional<Written> written =
                        tryUpdate(call, type, subresource, current, old, wanted, true);
                if (written.isPresent()) {
                    return written.get();
                }
            }
        }
        throw ApiException.conflict(type.id(), name, "it changed all the time; try again");
    }

    /** Fields of other versions may be found out by a webhook, which nothing may wait for. */
    private static Pace.Turn tracking(ResourceType type, long bytes) {
        return type.storage().converts() ? Pace.Turn.FREE : Pace.writing(bytes);
    }

    /** The own object; a shared one is told from one that is missing. */
    private Served current(WriteCall call, ResourceType type, String namespace, String name) {
        Optional<Served> own = reads.findOwn(type, call.tenant(), namespace, name);
        if (own.isEmpty() && reads.findShared(type, call.tenant(), name).isPresent()) {
            throw SharedObjects.readOnly(type, name);
        }
        return own.orElseThrow(() -> ApiException.notFound(type.id(), name));
    }

    /**
     * @param old the tree of {@code current}, nobody else's
     * @param track who owns what is to be found out; an apply has done so itself
     */
    private Optional<Written> tryUpdate(
            WriteCall call,
            ResourceType type,
            String subresource,
            Served current,
            ObjectNode old,
            ObjectNode wanted,
            boolean track)
            throws InterruptedException {
        String name = current.path().name();
        String namespace = current.path().namespace();
        objects.checkAddressed(type, namespace, name, wanted);
        objects.checkVersion(type, current, old, wanted);
        @Nullable JsonNode managed = Metadata.ensureMetadata(wanted).get("managedFields");
        ObjectNode object;
        try (Pace.Turn _ = tracking(type, current.bytes().length)) {
            object = objects.merged(type, subresource, wanted, old);
            type.strategy().applyDefaults(object);
            if (track) {
                tracking.updated(call, type, subresource, old, object);
            } else if (managed != null) {
                Metadata.ensureMetadata(object).set("managedFields", managed);
            }
        }
        AdmissionRequest request =
                AdmissionRequest.update(call, type, subresource, namespace, name, object, old);
        admission.mutate(request);
        objects.finishUpdate(type, subresource, object, old);
        Charge taken = services.update(type, subresource, call.tenant(), object, old);
        try (Pace.Turn _ = Pace.writing(current.bytes().length)) {
            objects.validateUpdate(type, subresource, object, old);
            if (subresource.isEmpty()) {
                type.strategy().warningsOnUpdate(object, old).forEach(call.warnings());
            }
        }
        List<Compare> conditions = new ArrayList<>(admission.validate(request));
        conditions.add(new Compare.AtRevision(current.path().key(), current.revision()));
        if (Deletions.isComplete(type, object)) {
            return remove(call, type, current, conditions);
        }
        if (Versions.isCurrent(type, current) && Tracking.isUnchanged(old, object)) {
            return Optional.of(new Written(current, false));
        }
        if (call.dryRun()) {
            ObjectNode shown = object.deepCopy();
            type.schema().addNulls(shown);
            Metadata.ensureMetadata(shown)
                    .put("resourceVersion", Long.toString(current.revision()));
            return Optional.of(
                    new Written(
                            new Served(current.path(), Json.write(shown), current.revision()),
                            false));
        }
        return admission
                .charged(
                        request,
                        charge ->
                                commits.put(
                                        type,
                                        current.path(),
                                        object,
                                        conditions,
                                        charge.plus(taken)))
                .map(s -> new Written(s, false));
    }

    /** Deletes an object, or marks it for deletion while something still holds it. */
    public Written delete(
            WriteCall caller,
            ResourceType type,
            String namespace,
            String name,
            DeleteRequest request)
            throws InterruptedException {
        WriteCall call = request.dryRun() ? caller.dry() : caller;
        try (WritePause.Pass _ = pause.enter()) {
            for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
                Optional<Written> written =
                        tryDelete(call, type, current(call, type, namespace, name), request);
                if (written.isPresent()) {
                    return written.get();
                }
            }
        }
        throw ApiException.conflict(type.id(), name, "it changed all the time; try again");
    }

    private Optional<Written> tryDelete(
            WriteCall call, ResourceType type, Served current, DeleteRequest request)
            throws InterruptedException {
        Deletions.check(type, current, request);
        ObjectNode old = current.copy();
        AdmissionRequest admitted =
                AdmissionRequest.delete(
                        call,
                        type,
                        current.path().namespace(),
                        current.path().name(),
                        old,
                        request.options(call));
        admission.mutate(admitted);
        List<Compare> conditions = new ArrayList<>(admission.validate(admitted));
        conditions.add(new Compare.AtRevision(current.path().key(), current.revision()));
        boolean changed = Deletions.mark(type, old, request);
        if (Deletions.isComplete(type, old)) {
            return remove(call, type, current, conditions);
        }
        if (!changed || call.dryRun()) {
            return Optional.of(new Written(current, false));
        }
        return commits.put(type, current.path(), old, conditions, Charge.NOTHING)
                .map(s -> new Written(s, false));
    }

    private Optional<Written> remove(
            WriteCall call, ResourceType type, Served current, List<Compare> conditions)
            throws InterruptedException {
        if (call.dryRun()) {
            return Optional.of(new Written(current, true));
        }
        Charge given = services.delete(type, call.tenant(), current);
        return commits.delete(current, conditions, given).map(last -> new Written(last, true));
    }
}
