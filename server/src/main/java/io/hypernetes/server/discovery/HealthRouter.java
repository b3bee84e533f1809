package io.hypernetes.server.discovery;

import io.hypernetes.server.access.Router;
import io.hypernetes.server.access.Session;
import io.hypernetes.server.http.Exchange;
import io.hypernetes.server.http.Query;
import io.hypernetes.server.http.Reply;
import io.hypernetes.server.registry.Registry;
import io.hypernetes.server.request.RequestInfo;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * {@code /healthz}, {@code /livez} and {@code /readyz} with their single checks, as upstream words
 * them. A server that stops is alive but no longer ready.
 */
public final class HealthRouter implements Router {
    private static final Set<String> PATHS = Set.of("healthz", "livez", "readyz");

    /** A check that can fail; the answer never says why, which is in the log. */
    private interface Check {
        boolean passes() throws InterruptedException;
    }

    private record Named(String name, Check check) {}

    private final List<Named> alive;
    private final List<Named> ready;
    private volatile boolean stopping;

    public HealthRouter(Registry registry) {
        alive =
                List.of(
                        new Named("ping", () -> true),
                        new Named("log", () -> true),
                        new Named("etcd", () -> registry.reads().isConnected()));
        ready = new ArrayList<>(alive);
        ready.add(new Named("informer-sync", () -> registry.reads().revision() > 0));
        ready.add(new Named("shutdown", () -> !stopping));
    }

    /** From now on this server is not ready. */
    public void stop() {
        stopping = true;
    }

    @Override
    public boolean handle(Exchange exchange, Session session, RequestInfo info)
            throws IOException, InterruptedException {
        List<String> parts = List.of(info.path().substring(1).split("/", -1));
        if (info.isResource() || !PATHS.contains(parts.getFirst()) || parts.size() > 2) {
            return false;
        }
        List<Named> checks = parts.getFirst().equals("readyz") ? ready : alive;
        if (parts.size() == 1) {
            exchange.reply(report(parts.getFirst(), checks, exchange.query()));
            return true;
        }
        for (Named named : checks) {
            if (named.name().equals(parts.get(1))) {
                exchange.reply(single(named));
                return true;
            }
        }
        return false;
    }

    private static Reply single(Named named) throws InterruptedException {
        return named.check().passes()
                ? Reply.text(200, "ok")
                : Reply.text(500, "internal server error: " + named.name() + " failed\n");
    }

    private static Reply report(String path, List<Named> checks, Query query)
            throws InterruptedException {
        Set<String> excluded = new HashSet<>(query.all("exclude"));
        Set<String> unknown = new TreeSet<>(excluded);
        Set<String> failed = new LinkedHashSet<>();
        StringBuilder lines = new StringBuilder();
        for (Named named : checks) {
            unknown.remove(named.name());
            if (excluded.contains(named.name())) {
                lines.append("[+]").append(named.name()).append(" excluded: ok\n");
            } else if (named.check().passes()) {
                lines.append("[+]").append(named.name()).append(" ok\n");
            } else {
                failed.add(named.name());
                lines.append("[-]").append(named.name()).append(" failed: reason withheld\n");
            }
        }
        if (!unknown.isEmpty()) {
            lines.append("warn: some health checks cannot be excluded: no matches for ")
                    .append(unknown.stream().collect(Collectors.joining("\", \"", "\"", "\"")))
                    .append('\n');
        }
        if (!failed.isEmpty()) {
            return Reply.text(500, lines.append(path).append(" check failed\n").toString());
        }
        return Reply.text(
                200,
                query.has("verbose")
                        ? lines.append(path).append(" check passed\n").toString()
                        : "ok");
    }
}
