package io.hypernetes.memoryclient;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.GroupResource;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.ChangeFeed;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.client.DeleteOptions;
import io.hypernetes.api.client.ObjectList;
import io.hypernetes.api.client.Patch;
import io.hypernetes.api.client.Propagation;
import io.hypernetes.api.client.Selection;
import io.hypernetes.api.client.TenantObject;
import io.hypernetes.api.client.Watch;
import io.hypernetes.api.client.WatchEvent;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A client over a map, for unit tests of controllers: versions, conflicts, finalizers, graceful
 * deletion, list and watch as the server has them; no defaults, no validation, no selectors, merge
 * patches only.
 */
public final class MemoryClient implements Client, ChangeFeed {

    private record Stored(ResourceType type, TenantObject object) {}

    /** An object of the feed. */
    private record Seen(Stored stored, boolean gone) implements Item {
        @Override
        public GroupResource resource() {
            return stored.type().id();
        }

        @Override
        public ObjectKey key() {
            return stored.object().key();
        }

        @Override
        public boolean mentions(String text) {
            return stored.object().object().toString().contains(text);
        }

        @Override
        public ObjectNode object() {
            return stored.object().object();
        }
    }

    private final Map<String, Stored> objects = new TreeMap<>();
    private final List<MemoryWatch> watches = new CopyOnWriteArrayList<>();
    private final List<BlockingQueue<Item>> feeds = new CopyOnWriteArrayList<>();
    private final List<Stored> history = new ArrayList<>();
    private final List<WatchEvent.Type> historyTypes = new ArrayList<>();
    private long revision;

    @Override
    public synchronized ObjectNode get(ResourceType type, ObjectKey key) {
        Stored stored = objects.get(path(type, key));
        if (stored == null) {
            throw ApiException.notFound(type.id(), key.name());
        }
        return stored.object().object().deepCopy();
    }

    @Override
    public synchronized ObjectList list(ResourceType type, Selection selection) {
        List<TenantObject> items = new ArrayList<>();
        for (Stored stored : objects.values()) {
            if (stored.type().id().equals(type.id()) && covers(selection, stored.object())) {
                items.add(copy(stored.object()));
            }
        }
        return new ObjectList(Long.toString(revision), items);
    }

    @Override
    public synchronized Watch watch(
            ResourceType type, Selection selection, String resourceVersion) {
        MemoryWatch watch = new MemoryWatch(type, selection);
        for (int i = (int) Long.parseLong(resourceVersion); i < history.size(); i++) {
            watch.offer(history.get(i), historyTypes.get(i));
        }
        watches.add(watch);
        return watch;
    }

    @Override
    public synchronized ObjectNode create(ResourceType type, Tenant tenant, ObjectNode object) {
        ObjectNode tree = object.deepCopy();
        ObjectNode metadata = metadata(tree);
        if (!metadata.has("name") && metadata.has("generateName")) {
            metadata.put(
                    "name",
                    metadata.get("generateName").asString() + Long.toString(revision + 1, 36));
        }
        TenantObject created = new TenantObject(tenant, tree);
        if (objects.containsKey(path(type, created.key()))) {
            throw ApiException.alreadyExists(type.id(), created.key().name());
        }
        metadata.put("uid", UUID.randomUUID().toString());
        metadata.put("creationTimestamp", Instant.now().toString());
        tree.put("apiVersion", type.apiVersion()).put("kind", type.kind());
        return store(type, created, WatchEvent.Type.ADDED);
    }

    @Override
    public synchronized ObjectNode update(ResourceType type, Tenant tenant, ObjectNode object) {
        TenantObject updated = new TenantObject(tenant, object.deepCopy());
        ObjectNode old = get(type, updated.key());
        String sent = metadata(updated.object()).path("resourceVersion").asString("");
        if (!sent.isEmpty() && !sent.equals(metadata(old).get("resourceVersion").asString())) {
            throw ApiException.staleVersion(type.id(), updated.key().name());
        }
        metadata(updated.object()).set("uid", metadata(old).get("uid"));
        if (metadata(old).has("deletionTimestamp")) {
            metadata(updated.object())
                    .set("deletionTimestamp", metadata(old).get("deletionTimestamp"));
            if (!isHeld(updated.object())
                    && type.strategy().gracePeriodSeconds(old, OptionalLong.empty()) == 0) {
                return remove(type, updated);
            }
        }

        ObjectNode compared = updated.object().deepCopy();
        metadata(compared).set("resourceVersion", metadata(old).get("resourceVersion"));
        if (compared.equals(old)) {
            return old;
        }
        return store(type, updated, WatchEvent.Type.MODIFIED);
    }

    @Override
    public ObjectNode updateStatus(ResourceType type, Tenant tenant, ObjectNode object) {
        ObjectNode merged = get(type, new TenantObject(tenant, object).key());
        merged.set("status", object.path("status").deepCopy());
        String sent = metadata(object).path("resourceVersion").asString("");
        if (!sent.isEmpty()) {
            metadata(merged).put("resourceVersion", sent);
        }
        return update(type, tenant, merged);
    }

    @Override
    public ObjectNode patch(ResourceType type, ObjectKey key, Patch patch, String subresource) {
        if (!(patch instanceof Patch.Merge(JsonNode body))) {
            throw new UnsupportedOperationException("merge patches only");
        }
        ObjectNode patched = get(type, key);
        merge(patched, (ObjectNode) body);
        return update(type, key.tenant(), patched);
    }

    @Override
    public synchronized void delete(ResourceType type, ObjectKey key, DeleteOptions options) {
        ObjectNode object = get(type, key);
        if (!options.uid().isEmpty()
                && !options.uid().equals(metadata(object).get("uid").asString())) {
            throw ApiException.conflict(type.id(), key.name(), "the UID does not match");
        }
        String version = metadata(object).get("resourceVersion").asString();
        if (!options.resourceVersion().isEmpty() && !options.resourceVersion().equals(version)) {
            throw ApiException.conflict(type.id(), key.name(), "the version does not match");
        }
        boolean policed = propagate(object, options);
        long grace = type.strategy().gracePeriodSeconds(object, options.gracePeriodSeconds());
        boolean held = isHeld(object);
        TenantObject deleted = new TenantObject(key.tenant(), object);
        if (grace == 0 && !held) {
            remove(type, deleted);
            return;
        }
        if (!metadata(object).has("deletionTimestamp")) {
            metadata(object).put("deletionTimestamp", Instant.now().toString());
            store(type, deleted, WatchEvent.Type.MODIFIED);
        } else if (policed) {
            store(type, deleted, WatchEvent.Type.MODIFIED);
        }
    }

    /** Whether the wish for dependents changed the finalizers. */
    private static boolean propagate(ObjectNode object, DeleteOptions options) {
        if (options.propagation().isEmpty()) {
            return false;
        }
        Set<String> before = new LinkedHashSet<>();
        metadata(object).path("finalizers").forEach(f -> before.add(f.asString()));
        Set<String> after = new LinkedHashSet<>(before);
        after.remove(Propagation.FOREGROUND_FINALIZER);
        after.remove(Propagation.ORPHAN_FINALIZER);
        switch (options.propagation().get()) {
            case FOREGROUND -> after.add(Propagation.FOREGROUND_FINALIZER);
            case ORPHAN -> after.add(Propagation.ORPHAN_FINALIZER);
            case BACKGROUND -> {}
        }
        metadata(object).remove("finalizers");
        if (!after.isEmpty()) {
            after.forEach(metadata(object).putArray("finalizers")::add);
        }
        return !before.equals(after);
    }

    /** Namespaces have finalizers of their own in the spec. */
    private static boolean isHeld(ObjectNode object) {
        return !metadata(object).path("finalizers").isEmpty()
                || !object.path("spec").path("finalizers").isEmpty();
    }

    private ObjectNode store(ResourceType type, TenantObject object, WatchEvent.Type event) {
        revision++;
        metadata(object.object()).put("resourceVersion", Long.toString(revision));
        Stored stored = new Stored(type, copy(object));
        objects.put(path(type, object.key()), stored);
        tell(stored, event);
        return object.object().deepCopy();
    }

    private ObjectNode remove(ResourceType type, TenantObject object) {
        revision++;
        objects.remove(path(type, object.key()));
        metadata(object.object()).put("resourceVersion", Long.toString(revision));
        tell(new Stored(type, copy(object)), WatchEvent.Type.DELETED);
        return object.object();
    }

    private void tell(Stored stored, WatchEvent.Type event) {
        history.add(stored);
        historyTypes.add(event);
        watches.forEach(watch -> watch.offer(stored, event));
        feeds.forEach(feed -> feed.add(new Seen(stored, event == WatchEvent.Type.DELETED)));
    }

    @Override
    public Subscription open() {
        BlockingQueue<Item> feed = new LinkedBlockingQueue<>();
        feeds.add(feed);
        return new Subscription() {
            @Override
            public List<Item> next(Duration timeout) throws InterruptedException {
                Item first = feed.poll(timeout.toNanos(), TimeUnit.NANOSECONDS);
                return first == null ? List.of() : List.of(first);
            }

            @Override
            public void scan(Consumer<Item> visitor) {
                List<Stored> all;
                synchronized (MemoryClient.this) {
                    all = List.copyOf(objects.values());
                }
                all.forEach(stored -> visitor.accept(new Seen(stored, false)));
            }

            @Override
            public void close() {
                feeds.remove(feed);
            }
        };
    }

    private static void merge(ObjectNode target, ObjectNode patch) {
        patch.properties()
                .forEach(field -> {
                    JsonNode old = target.get(field.getKey());
                    if (field.getValue().isNull()) {
                        target.remove(field.getKey());
                    } else if (field.getValue() instanceof ObjectNode child) {
                        ObjectNode into =
                                old instanceof ObjectNode node
                                        ? node
                                        : target.putObject(field.getKey());
                        merge(into, child);
                    } else {
                        target.set(field.getKey(), field.getValue().deepCopy());
                    }
                });
    }

    private static boolean covers(Selection selection, TenantObject object) {
        return selection.tenant().map(object.tenant()::equals).orElse(true)
                && (selection.namespace().isEmpty()
                        || selection.namespace().equals(object.key().namespace()));
    }

    private static String path(ResourceType type, ObjectKey key) {
        return String.join("/", type.toString(), key.tenant().name(), key.namespace(), key.name());
    }

    private static TenantObject copy(TenantObject object) {
        return new TenantObject(object.tenant(), object.object().deepCopy());
    }

    private static ObjectNode metadata(ObjectNode tree) {
        return tree.withObject("metadata");
    }

    /** Events wait in an unbounded queue; tests are short. */
    private final class MemoryWatch implements Watch {
        private final ResourceType type;
        private final Selection selection;
        private final BlockingQueue<WatchEvent> events = new LinkedBlockingQueue<>();

        private MemoryWatch(ResourceType type, Selection selection) {
            this.type = type;
            this.selection = selection;
        }

        private void offer(Stored stored, WatchEvent.Type event) {
            if (stored.type().id().equals(type.id()) && covers(selection, stored.object())) {
                events.add(new WatchEvent(event, copy(stored.object())));
            }
        }

        @Override
        public Optional<WatchEvent> next(Duration timeout) throws InterruptedException {
            return Optional.ofNullable(events.poll(timeout.toNanos(), TimeUnit.NANOSECONDS));
        }

        @Override
        public void close() {
            watches.remove(this);
        }
    }
}
