package io.hypernetes.server.resource;

import io.hypernetes.api.GroupVersionKind;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.access.Authorizer;
import io.hypernetes.api.access.EscalationGuard;
import io.hypernetes.api.protobuf.ProtobufEncoder;
import io.hypernetes.api.schema.FieldValidation;
import io.hypernetes.server.access.Session;
import io.hypernetes.server.http.Exchange;
import io.hypernetes.server.http.Query;
import io.hypernetes.server.http.Reply;
import io.hypernetes.server.output.Answers;
import io.hypernetes.server.registry.Extent;
import io.hypernetes.server.registry.ObjectFilter;
import io.hypernetes.server.registry.WriteCall;
import io.hypernetes.server.request.Format;
import io.hypernetes.server.request.RequestInfo;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * An admitted request for a resource that is served.
 *
 * @param warnings filled while the request is worked on
 * @param audit annotations of the audit event, filled while the request is worked on
 */
public record ResourceRequest(
        Exchange exchange,
        Session session,
        RequestInfo info,
        ResourceType type,
        EscalationGuard guard,
        Authorizer authorizer,
        List<String> warnings,
        Map<String, String> audit) {
    /** Warnings beyond this many are not told: a header has its limits. */
    private static final int MOST_WARNINGS = 20;

    ResourceRequest(
            Exchange exchange,
            Session session,
            RequestInfo info,
            ResourceType type,
            EscalationGuard guard,
            Authorizer authorizer) {
        this(exchange, session, info, type, guard, authorizer, new ArrayList<>(), exchange.notes());
    }

    public Query query() {
        return exchange.query();
    }

    public Answers answers() {
        return answers(Format.negotiate(exchange.headers("Accept"), hasMessages()));
    }

    /** The form of a watch. */
    Answers streamAnswers() {
        return answers(Format.negotiateStream(exchange.headers("Accept"), hasMessages()));
    }

    private Answers answers(Format format) {
        return new Answers(format, query().get("includeObject"), session.world().isEmpty());
    }

    private boolean hasMessages() {
        return ProtobufEncoder.kubernetes()
                .knows(GroupVersionKind.of(type.apiVersion(), type.kind()));
    }

    FieldValidation validation() {
        return FieldValidation.of(query().get("fieldValidation"));
    }

    public WriteCall call() {
        return new WriteCall(
                session.user(),
                session.tenant(),
                false,
                session.identity().operator(),
                dryRun(),
                validation(),
                FieldManagers.of(exchange),
                guard,
                authorizer,
                warnings::add,
                audit::put);
    }

    private boolean dryRun() {
        return !query().all("dryRun").isEmpty();
    }

    Extent extent() {
        String fields = query().get("fieldSelector");
        if (info.verb().equals("watch") && !info.name().isEmpty()) {
            // The right to watch one name, by an old path, is no right to its neighbours.
            fields += (fields.isEmpty() ? "" : ",") + "metadata.name=" + info.name();
        }
        return new Extent(
                type,
                session.world(),
                type.namespaced() ? info.namespace() : "",
                ObjectFilter.parse(type, query().get("labelSelector"), fields));
    }

    /**
     * Where the object lives: nothing for a cluster-scoped one, and a namespace is its own name.
     */
    public String namespace() {
        return type.namespaced() ? info.namespace() : "";
    }

    public void reply(Reply reply) throws IOException {
        List<String> told = told();
        exchange.reply(told.isEmpty() ? reply : reply.with("Warning", told));
    }

    /** Warnings so far are told to whom the rest is refused, too. */
    void announceWarnings() {
        if (!warnings.isEmpty() && !exchange.isAnswered()) {
            exchange.announce("Warning", String.join(", ", told()));
        }
    }

    private List<String> told() {
        return warnings.stream()
                .distinct()
                .limit(MOST_WARNINGS)
                .map(text -> "299 - \"" + escaped(text) + "\"")
                .toList();
    }

    /** RFC 9110 quoted-string; what is not printable ASCII could end the header. */
    private static String escaped(String text) {
        StringBuilder escaped = new StringBuilder();
        for (char c : text.toCharArray()) {
            if (c == '"' || c == '\\') {
                escaped.append('\\');
            }
            escaped.append(c >= 0x20 && c < 0x7f ? c : '?');
        }
        return escaped.toString();
    }
}
