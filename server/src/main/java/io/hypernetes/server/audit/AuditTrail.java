package io.hypernetes.server.audit;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.access.UserInfo;
import io.hypernetes.api.json.Json;
import io.hypernetes.server.access.Session;
import io.hypernetes.server.http.Exchange;
import io.hypernetes.server.request.RequestInfo;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * The audit events of one request, each written at its stage. The tenant is in the annotation
 * {@code hypernetes.io/tenant}, {@code *} for an operator's look over all of them.
 */
public final class AuditTrail {
    private static final String TENANT = "hypernetes.io/tenant";
    private static final int LONGEST_ID = 64;
    private static final DateTimeFormatter MICROS =
            new DateTimeFormatterBuilder()
                    .appendPattern("uuuu-MM-dd'T'HH:mm:ss")
                    .appendFraction(java.time.temporal.ChronoField.NANO_OF_SECOND, 6, 6, true)
                    .appendLiteral('Z')
                    .toFormatter(java.util.Locale.ROOT)
                    .withZone(ZoneOffset.UTC);

    private final AuditPolicy.Match match;
    private final Exchange exchange;
    private final Session session;
    private final RequestInfo info;
    private final AuditLog log;
    private final InstantSource clock;
    private final Instant received;
    private final String id;
    private final boolean lasting;
    private Optional<byte[]> request = Optional.empty();
    private Optional<byte[]> response = Optional.empty();

    /** Writes the event of the first stage. */
    public AuditTrail(
            AuditPolicy.Match match,
            Exchange exchange,
            Session session,
            RequestInfo info,
            boolean lasting,
            AuditLog log,
            InstantSource clock) {
        this.match = match;
        this.exchange = exchange;
        this.session = session;
        this.info = info;
        this.lasting = lasting;
        this.log = log;
        this.clock = clock;
        this.received = clock.instant();
        this.id =
                exchange.header("Audit-ID")
                        .filter(AuditTrail::isId)
                        .orElseGet(() -> UUID.randomUUID().toString());
        write(AuditStage.RequestReceived, event -> {});
    }

    /** A caller may name its own, so that several servers' events can be joined. */
    private static boolean isId(String text) {
        return !text.isEmpty()
                && text.length() <= LONGEST_ID
                && text.chars().allMatch(c -> c > 0x20 && c < 0x7f && c != '"' && c != '\\');
    }

    String id() {
        return id;
    }

    boolean keepsRequests() {
        return match.level().includes(AuditLevel.REQUEST);
    }

    boolean keepsResponses() {
        return match.level().includes(AuditLevel.REQUEST_RESPONSE);
    }

    void requested(byte[] body) {
        request = Optional.of(body);
    }

    void responded(byte[] body) {
        response = Optional.of(body);
    }

    /** The head of an answer is out whose end is open. */
    void responseStarted() {
        if (lasting) {
            write(AuditStage.ResponseStarted, event -> status(event, 200));
        }
    }

    /**
     * @param failure that ended the request without an answer
     */
    public void end(int code, Optional<Throwable> failure) {
        AuditStage stage =
                failure.isPresent() && code == 0 ? AuditStage.Panic : AuditStage.ResponseComplete;
        write(
                stage,
                event -> {
                    status(event, code == 0 ? 500 : code);
                    request.flatMap(this::object).ifPresent(o -> event.set("requestObject", o));
                    response.flatMap(this::object).ifPresent(o -> event.set("responseObject", o));
                });
    }

    private static void status(ObjectNode event, int code) {
        event.putObject("responseStatus").putObject("metadata");
        ((ObjectNode) event.get("responseStatus")).put("code", code);
    }

    /** Empty for what is not JSON: it is somebody's bytes, not the log's form. */
    private Optional<ObjectNode> object(byte[] body) {
        try {
            ObjectNode tree = Json.parseObject(body);
            if (match.omitManagedFields() && tree.get("metadata") instanceof ObjectNode metadata) {
                metadata.remove("managedFields");
            }
            return Optional.of(tree);
        } catch (ApiException _) {
            return Optional.empty();
        }
    }

    @FunctionalInterface
    private interface Rest {
        void add(ObjectNode event);
    }

    private void write(AuditStage stage, Rest rest) {
        if (match.omitStages().contains(stage)) {
            return;
        }
        ObjectNode event = Json.object();
        event.put("kind", "Event").put("apiVersion", "audit.k8s.io/v1");
        event.put("level", match.level().toString()).put("auditID", id);
        event.put("stage", stage.name()).put("requestURI", exchange.uri()).put("verb", info.verb());
        user(event.putObject("user"), session.impersonator().orElse(session.user()));
        if (session.impersonator().isPresent()) {
            user(event.putObject("impersonatedUser"), session.user());
        }
        String peer = exchange.peer();
        event.putArray("sourceIPs").add(peer.substring(0, Math.max(0, peer.lastIndexOf(':'))));
        exchange.header("User-Agent").ifPresent(agent -> event.put("userAgent", agent));
        if (info.isResource()) {
            reference(event.putObject("objectRef"));
        }
        rest.add(event);
        event.put("requestReceivedTimestamp", MICROS.format(received));
        event.put("stageTimestamp", MICROS.format(clock.instant()));
        ObjectNode annotations = event.putObject("annotations");
        annotations.put(TENANT, session.world().map(tenant -> tenant.name()).orElse("*"));
        for (Map.Entry<String, String> note : exchange.notes().entrySet()) {
            annotations.put(note.getKey(), note.getValue());
        }
        log.write(Json.write(event));
    }

    private static void user(ObjectNode tree, UserInfo user) {
        tree.put("username", user.name());
        if (!user.uid().isEmpty()) {
            tree.put("uid", user.uid());
        }
        ArrayNode groups = tree.putArray("groups");
        user.groups().forEach(groups::add);
        if (!user.extra().isEmpty()) {
            ObjectNode extra = tree.putObject("extra");
            user.extra().forEach((key, values) -> values.forEach(extra.putArray(key)::add));
        }
    }

    private void reference(ObjectNode reference) {
        put(reference, "resource", info.resource());
        put(reference, "namespace", info.namespace());
        put(reference, "name", info.name());
        put(reference, "apiGroup", info.group());
        put(reference, "apiVersion", info.version());
        put(reference, "subresource", info.subresource());
    }

    private static void put(ObjectNode node, String field, String text) {
        if (!text.isEmpty()) {
            node.put(field, text);
        }
    }
}
