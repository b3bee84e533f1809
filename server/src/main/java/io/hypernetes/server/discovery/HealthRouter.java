package io.hypernetes.server.discovery;

import io.hypernetes.server.access.Router;
import io.hypernetes.server.access.Session;
import io.hypernetes.server.http.Exchange;
import io.hypernetes.server.http.Reply;
import io.hypernetes.server.registry.Registry;
import io.hypernetes.server.request.RequestInfo;
import io.hypernetes.server.resource.ResourceHandler;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** {@code /healthz}, {@code /livez} and {@code /readyz}, as upstream words them. */
public final class HealthRouter implements Router {
    private static final Set<String> PATHS = Set.of("healthz", "livez", "readyz");

    private final Registry registry;

    public HealthRouter(Registry registry) {
        this.registry = registry;
    }

    @Override
    public boolean handle(Exchange exchange, Session session, RequestInfo info) throws IOException {
        List<String> parts = List.of(info.path().substring(1).split("/", -1));
        if (info.isResource() || !PATHS.contains(parts.getFirst()) || parts.size() > 2) {
            return false;
        }
        Map<String, Boolean> checks =
                Map.of("ping", true, "watch-cache", registry.reads().revision() > 0);
        if (parts.size() == 2) {
            Boolean healthy = checks.get(parts.get(1));
            if (healthy == null) {
                throw ResourceHandler.notServed();
            }
            exchange.reply(healthy ? Reply.text(200, "ok") : Reply.text(500, "failed"));
            return true;
        }
        exchange.reply(report(parts.getFirst(), checks, exchange.query().has("verbose")));
        return true;
    }

    private static Reply report(String path, Map<String, Boolean> checks, boolean verbose) {
        boolean healthy = !checks.containsValue(false);
        if (healthy && !verbose) {
            return Reply.text(200, "ok");
        }
        StringBuilder lines = new StringBuilder();
        checks.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(check ->
                        lines.append(check.getValue() ? "[+]" : "[-]")
                                .append(check.getKey())
                                .append(check.getValue() ? " ok\n" : " failed\n"));
        lines.append(path).append(healthy ? " check passed\n" : " check failed\n");
        return Reply.text(healthy ? 200 : 500, lines.toString());
    }
}
