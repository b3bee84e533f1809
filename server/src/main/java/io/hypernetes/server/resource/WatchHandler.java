package io.hypernetes.server.resource;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.WatchEvent.Type;
import io.hypernetes.api.types.WorldTypes;
import io.hypernetes.server.access.Gate;
import io.hypernetes.server.http.Query;
import io.hypernetes.server.output.Answers;
import io.hypernetes.server.output.EventWriter;
import io.hypernetes.server.registry.Extent;
import io.hypernetes.server.registry.ListRequest;
import io.hypernetes.server.registry.Page;
import io.hypernetes.server.registry.Reads;
import io.hypernetes.server.registry.ServedEvent;
import io.hypernetes.server.registry.ServedWatch;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/** A watch: a stream of events for as long as the client listens. */
final class WatchHandler {
    /** Upstream's: between these many seconds when the client asks for no end of its own. */
    private static final int SHORTEST = 1800;

    private static final int LONGEST = 3600;
    private static final Duration BOOKMARK = Duration.ofMinutes(1);

    private static final Duration BEFORE_END = Duration.ofSeconds(2);

    /** How soon a client that went away is noticed when nothing happens. */
    private static final Duration HEARTBEAT = Duration.ofSeconds(30);

    private final WorldTypes types;
    private final Reads reads;
    private final Gate gate;

    /** So that they can be ended: all by a stopping server, some when their type changes. */
    private final Map<ServedWatch, Extent> open = new ConcurrentHashMap<>();

    WatchHandler(WorldTypes types, Reads reads, Gate gate) {
        this.types = types;
        this.reads = reads;
        this.gate = gate;
    }

    /** What a watch begins with. */
    private record Start(
            long revision, boolean anyState, boolean initialEvents, boolean marksTheirEnd) {
        static Start of(Query query) {
            ListRequest.checkWatch(query);
            String version = query.get("resourceVersion");
            long revision = ListRequest.parseRevision(version);
            if (query.has("sendInitialEvents")) {
                boolean send = query.flag("sendInitialEvents");
                boolean any = version.equals("0");
                return new Start(revision, any, send, send && query.flag("allowWatchBookmarks"));
            }
            return new Start(revision, version.equals("0"), revision == 0, false);
        }
    }

    void handle(ResourceRequest request) throws IOException, InterruptedException {
        Answers answers = request.streamAnswers();
        boolean oneOfNoNamespace =
                request.type().namespaced()
                        && request.info().namespace().isEmpty()
                        && !request.info().name().isEmpty()
                        && !request.query().has("fieldSelector");
        if (oneOfNoNamespace) {
            throw ResourceHandler.notServed(); // by the old path, /watch/pods/x
        }
        Extent extent = request.extent();
        Start start = Start.of(request.query());
        Instant end = end(request.query());
        if (request.exchange().wantsWebSocket()) {
            request.exchange()
                    .upgrade(
                            "",
                            gate.seated(
                                    request.session(),
                                    socket ->
                                            serve(
                                                    request,
                                                    extent,
                                                    start,
                                                    end,
                                                    new EventSocket(socket))));
            return;
        }
        serve(
                request,
                extent,
                start,
                end,
                request.exchange().stream(answers.format().streamType(), Map.of()));
    }

    private void serve(
            ResourceRequest request, Extent extent, Start start, Instant end, OutputStream stream)
            throws IOException, InterruptedException {
        try (stream) {
            EventWriter writer = new EventWriter(request.type(), request.streamAnswers(), stream);
            try {
                stream(extent, start, writer, request.query(), end);
            } catch (ApiException e) {
                writer.error(e.status());
                writer.flush();
            }
        }
    }

    void endAll() {
        open.keySet().forEach(ServedWatch::close);
    }

    /** Ends those of a tenant whose type is no longer what it was, though nothing happens there. */
    void endOutdated(Tenant tenant) {
        open.forEach((watch, extent) -> {
            if (extent.tenant().filter(tenant::equals).isPresent() && !isServed(extent)) {
                watch.close();
            }
        });
    }

    private static Instant end(Query query) {
        OptionalLong asked = query.number("timeoutSeconds");
        long seconds =
                asked.isPresent() && asked.getAsLong() > 0
                        ? asked.getAsLong()
                        : ThreadLocalRandom.current().nextLong(SHORTEST, LONGEST);
        return Instant.now().plusSeconds(seconds);
    }

    private void stream(Extent extent, Start start, EventWriter writer, Query query, Instant end)
            throws IOException, InterruptedException {
        long from = start.revision();
        if (start.initialEvents()) {
            Page page =
                    reads.list(
                            extent,
                            new ListRequest(0, "", start.revision(), false, start.anyState()));
            writer.write(
                    page.items().stream()
                            .map(object -> new ServedEvent(Type.ADDED, object))
                            .toList());
            from = page.revision();
            if (start.marksTheirEnd()) {
                writer.bookmark(from, true);
            }
            writer.flush();
        } else if (from == 0) {
            from = reads.revision();
        }
        try (ServedWatch watch = reads.watch(extent, from)) {
            open.put(watch, extent);
            try {
                if (!isServed(extent)) {
                    return; // it changed before it could be told of this watch
                }
                follow(watch, extent, writer, query.flag("allowWatchBookmarks"), end);
            } finally {
                open.remove(watch);
            }
        }
    }

    private void follow(
            ServedWatch watch, Extent extent, EventWriter writer, boolean bookmarks, Instant end)
            throws IOException, InterruptedException {
        Instant nextBookmark = nextBookmark(end);
        while (true) {
            Instant now = Instant.now();
            Duration left = Duration.between(now, end);
            if (left.isNegative() || left.isZero()) {
                return;
            }
            Duration pause = left.compareTo(HEARTBEAT) < 0 ? left : HEARTBEAT;
            Duration untilMark = Duration.between(now, nextBookmark);
            if (bookmarks && untilMark.compareTo(pause) < 0) {
                pause = untilMark.isPositive() ? untilMark : Duration.ZERO;
            }
            Optional<ServedWatch.Batch> batch = watch.poll(pause);
            if (batch.isEmpty()) {
                // The server stops, or the type has changed: an end like that of the time, the
                // client watches on, elsewhere or with what there is now.
                return;
            }
            if (!isServed(extent)) {
                return;
            }
            writer.write(batch.get().events());
            if (bookmarks && !Instant.now().isBefore(nextBookmark)) {
                writer.bookmark(batch.get().revision(), false);
                nextBookmark = nextBookmark(end);
            }
            writer.flush();
        }
    }

    /**
     * Whether the type is still what it was when the watch began. A custom resource's may change or
     * go: then the client watches on with what there is now, as upstream.
     */
    private boolean isServed(Extent extent) {
        ResourceType type = extent.type();
        return extent.tenant().isEmpty()
                || type.schema().source().isEmpty()
                || types.find(
                                extent.tenant().get(),
                                type.id().group(),
                                type.version(),
                                type.id().resource())
                        .filter(now -> now == type)
                        .isPresent();
    }

    /** In a minute, or shortly before the end: so a client goes on from there and not before. */
    private static Instant nextBookmark(Instant end) {
        Instant regular = Instant.now().plus(BOOKMARK);
        Instant last = end.minus(BEFORE_END);
        return last.isBefore(regular) && last.isAfter(Instant.now()) ? last : regular;
    }
}
