package io.hypernetes.server.registry;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.GroupResource;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.Status;
import io.hypernetes.api.Status.Reason;
import io.hypernetes.api.Tenant;
import io.hypernetes.server.http.Pace;
import io.hypernetes.store.CompactedException;
import io.hypernetes.store.ObjectPath;
import io.hypernetes.store.Store;
import io.hypernetes.store.StoreException;
import io.hypernetes.store.StoreKey;
import io.hypernetes.store.cache.CacheEntry;
import io.hypernetes.store.cache.CacheWatch;
import io.hypernetes.store.cache.Snapshot;
import io.hypernetes.store.cache.WatchCache;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Everything that is read; from memory, never from the store. */
public final class Reads {
    /** How many events a watcher may be behind before it is cut off. */
    private static final int WATCH_QUEUE = 10_000;

    /** How long a request for a state that is yet to come waits for it. */
    private static final Duration FRESHNESS = Duration.ofSeconds(3);

    /** Bytes of an object that a selector looks into, as a rule. */
    private static final long LOOKED_AT = 1024;

    private final WatchCache<Served> cache;

    public Reads(WatchCache<Served> cache) {
        this.cache = cache;
    }

    public static ObjectPath path(ResourceType type, Tenant tenant, String namespace, String name) {
        GroupResource location = type.storage().location();
        return new ObjectPath(
                location.group(), location.resource(), tenant.name(), namespace, name);
    }

    /** The tenant's own object, or a shared one of the operator's. Throws NotFound. */
    public Served get(ResourceType type, Tenant tenant, String namespace, String name) {
        return find(type, tenant, namespace, name)
                .orElseThrow(() -> ApiException.notFound(type.id(), name));
    }

    /**
     * @param name of whatever form: one that no object can have finds nothing
     */
    public Optional<Served> find(ResourceType type, Tenant tenant, String namespace, String name) {
        if (name.isEmpty() || name.indexOf('/') >= 0) {
            return Optional.empty();
        }
        Optional<Served> own = findOwn(type, tenant, namespace, name);
        return own.isPresent() ? own : findShared(type, tenant, name);
    }

    Optional<Served> findOwn(ResourceType type, Tenant tenant, String namespace, String name) {
        return cache.get(path(type, tenant, namespace, name))
                .map(entry -> Versions.serve(type, entry.attachment()));
    }

    /** What is stored there, of whatever kind. */
    public Optional<Served> at(ObjectPath path) {
        return cache.get(path).map(CacheEntry::attachment);
    }

    Optional<Served> findShared(ResourceType type, Tenant tenant, String name) {
        if (tenant.isSystem() || !SharedObjects.projects(type)) {
            return Optional.empty();
        }
        return findOwn(type, Tenant.SYSTEM, "", name)
                .filter(object -> SharedObjects.isShared(type, object));
    }

    /** Throws Expired when the state asked for is gone, Timeout when it does not come. */
    public Page list(Extent extent, ListRequest request) throws InterruptedException {
        long revision = Store.LATEST;
        Optional<ContinueToken> token = Optional.empty();
        if (!request.continueToken().isEmpty()) {
            ContinueToken given = ContinueToken.decode(extent, request.continueToken());
            token = Optional.of(given);
            if (given.revision() == ContinueToken.INCONSISTENT) {
                awaitFresh();
            } else {
                revision = given.revision();
                // A token of this server's making is never ahead of it.
                awaitFreshness(revision);
            }
        } else if (request.revision() > 0) {
            awaitFreshness(request.revision());
            revision = request.exact() ? request.revision() : Store.LATEST;
        } else if (!request.anyState()) {
            awaitFresh();
        }
        Optional<StoreKey> after = token.flatMap(t -> t.key(extent));
        try {
            return extent.isUnion()
                    ? union(extent, revision, token.map(ContinueToken::name), request.limit())
                    : page(extent, revision, after, request.limit());
        } catch (CompactedException e) {
            throw token.map(Reads::continueExpired).orElseGet(Reads::listExpired);
        }
    }

    private static ApiException continueExpired(ContinueToken token) {
        return new ApiException(
                new Status(
                        Reason.EXPIRED.code(),
                        Reason.EXPIRED,
                        "The provided continue parameter is too old to display a consistent list"
                                + " result. You can start a new list without the continue"
                                + " parameter, or use the continue token in this response to"
                                + " retrieve the remainder of the results. Continuing with the"
                                + " provided token results in an inconsistent list - objects that"
                                + " were created, modified, or deleted between the time the first"
                                + " chunk was returned and now may show up in the list.",
                        Optional.empty(),
                        token.inconsistent().encode()));
    }

    private static ApiException listExpired() {
        return ApiException.of(
                Reason.EXPIRED, "The resourceVersion for the provided list is too old.");
    }

    /**
     * All objects of an extent as they are now, for the server's own decisions. Each write asks for
     * quotas, limits, webhooks and policies, and most installations have none.
     */
    public List<Served> listCurrent(Extent extent) {
        if (cache.hasNone(extent.range())) {
            return List.of();
        }
        return extent.isUnion()
                ? union(extent, Store.LATEST, Optional.empty(), 0).items()
                : page(extent, Store.LATEST, Optional.empty(), 0).items();
    }

    private Page page(Extent extent, long revision, Optional<StoreKey> after, int limit) {
        boolean all = extent.filter().isEverything() && isOneRange(extent);
        Snapshot<Served> snapshot = cache.list(extent.range(), revision, after, all ? limit : 0);
        List<Served> items = new ArrayList<>();
        boolean more = snapshot.remaining() > 0;
        List<Served> seen = served(extent, snapshot);
        try (Pace.Turn _ = Pace.turn(all ? 0 : seen.size() * LOOKED_AT)) {
            for (Served object : seen) {
                if (!extent.shows(object)) {
                    continue;
                }
                if (limit > 0 && items.size() == limit) {
                    more = true;
                    break;
                }
                items.add(object);
            }
        }
        String token =
                more && !items.isEmpty()
                        ? ContinueToken.after(extent, snapshot.revision(), items.getLast().path())
                                .encode()
                        : "";
        return new Page(snapshot.revision(), items, token, all ? snapshot.remaining() : 0);
    }

    private static List<Served> served(Extent extent, Snapshot<Served> snapshot) {
        return Versions.serve(
                extent.type(), snapshot.entries().stream().map(CacheEntry::attachment).toList());
    }

    private static boolean isOneRange(Extent extent) {
        return extent.tenant().isPresent() || extent.namespace().isEmpty();
    }

    /** Own and shared objects at one revision, in the order of their names; they are few. */
    private Page union(Extent extent, long revision, Optional<String> after, int limit) {
        Snapshot<Served> own = cache.list(extent.range(), revision, Optional.empty(), 0);
        Snapshot<Served> shared =
                cache.list(extent.sharedRange(), own.revision(), Optional.empty(), 0);
        List<Served> items = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (Served object : served(extent, own)) {
            names.add(object.path().name());
            if (extent.shows(object)) {
                items.add(object);
            }
        }
        for (Served object : served(extent, shared)) {
            if (!names.contains(object.path().name()) && extent.shows(object)) {
                items.add(object);
            }
        }
        items.sort(Comparator.comparing(object -> object.path().name()));
        after.ifPresent(last -> items.removeIf(o -> o.path().name().compareTo(last) <= 0));
        if (limit == 0 || items.size() <= limit) {
            return new Page(own.revision(), items, "", 0);
        }
        List<Served> first = List.copyOf(items.subList(0, limit));
        return new Page(
                own.revision(),
                first,
                ContinueToken.after(extent, own.revision(), first.getLast().path()).encode(),
                extent.filter().isEverything() ? items.size() - limit : 0);
    }

    /** Events after {@code revision}. Throws Expired. */
    public ServedWatch watch(Extent extent, long revision) throws InterruptedException {
        awaitFreshness(revision);
        try {
            CacheWatch<Served> watch = cache.watch(extent.watchedRange(), revision, WATCH_QUEUE);
            return new ServedWatch(extent, watch);
        } catch (CompactedException e) {
            throw expired(revision, e);
        }
    }

    /** The newest change of objects of this type, in whichever world. */
    public long changedAt(ResourceType type) {
        return cache.changedAt(Extent.everywhere(type).range());
    }

    /** The newest state that can be read. */
    public long revision() {
        return cache.revision();
    }

    /** Whether the store answers and what it says arrives here. */
    public boolean isConnected() throws InterruptedException {
        try {
            return cache.awaitFresh(FRESHNESS);
        } catch (StoreException e) {
            return false;
        }
    }

    /** Waits until what other servers have acknowledged so far can be read here. */
    public void awaitFresh() throws InterruptedException {
        if (!cache.awaitFresh(FRESHNESS)) {
            throw ApiException.of(
                    Reason.TIMEOUT, "this server is behind the others over its store; try again");
        }
    }

    /** Waits until a state that a client has heard of can be read here. Throws Timeout. */
    public void awaitFreshness(long revision) throws InterruptedException {
        if (revision > cache.revision() && !cache.awaitRevision(revision, FRESHNESS)) {
            throw new ApiException(
                    new Status(
                            Reason.TIMEOUT.code(),
                            Reason.TIMEOUT,
                            "Timeout: Too large resource version: "
                                    + revision
                                    + ", current: "
                                    + cache.revision(),
                            Optional.of(
                                    new Status.Details(
                                            "",
                                            "",
                                            "",
                                            "",
                                            List.of(
                                                    new Status.Cause(
                                                            "ResourceVersionTooLarge",
                                                            "Too large resource version",
                                                            "")),
                                            1))));
        }
    }

    private static ApiException expired(long revision, CompactedException cause) {
        return ApiException.of(
                Reason.EXPIRED,
                "too old resource version: " + revision + " (" + cause.oldest() + ")");
    }
}
