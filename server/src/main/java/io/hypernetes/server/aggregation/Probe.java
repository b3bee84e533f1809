package io.hypernetes.server.aggregation;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.server.outbound.HttpConnection;
import io.hypernetes.server.outbound.Incoming;
import io.hypernetes.server.outbound.Outgoing;
import io.hypernetes.server.registry.Reads;
import io.hypernetes.server.registry.Served;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.Optional;

/** Finds out whether an extension server answers for its group and version. */
final class Probe {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int SUCCESS = 200;
    private static final int NO_SUCCESS = 300;
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;

    private final Reads reads;
    private final Backends backends;

    Probe(Reads reads, Backends backends) {
        this.reads = reads;
        this.backends = backends;
    }

    /** The condition {@code Available}. */
    record Finding(String status, String reason, String message) {
        static Finding failed(String reason, String message) {
            return new Finding("False", reason, message);
        }
    }

    Finding ask(Claim claim) {
        ObjectKey key = claim.service();
        String service = "service/" + key.name() + " in \"" + key.namespace() + "\"";
        Optional<Served> found =
                reads.find(BuiltinTypes.SERVICES, key.tenant(), key.namespace(), key.name());
        if (found.isEmpty()) {
            return Finding.failed("ServiceNotFound", service + " is not present");
        }
        JsonNode spec = found.get().tree().path("spec");
        boolean outside = spec.path("type").asString("").equals("ExternalName");
        if (!outside && !hasPort(spec, claim.port())) {
            return Finding.failed(
                    "ServicePortError", service + " is not listening on port " + claim.port());
        }
        return discover(claim, service);
    }

    private static boolean hasPort(JsonNode spec, int port) {
        return spec.path("ports").valueStream().anyMatch(p -> p.path("port").asInt(0) == port);
    }

    private Finding discover(Claim claim, String service) {
        List<Entry<String, String>> headers = new ArrayList<>(RemoteUser.headers(RemoteUser.SELF));
        headers.add(Map.entry("Host", claim.host()));
        headers.add(Map.entry("Accept", "application/json"));
        String place = "https://" + claim.host() + ":" + claim.port() + claim.path();
        try (HttpConnection connection = backends.connect(claim).within(PATIENCE)) {
            Incoming answer =
                    connection.send(Outgoing.of("GET", claim.path(), headers, new byte[0]));
            int status = answer.status();
            // As upstream: who refuses is there.
            boolean there =
                    (status >= SUCCESS && status < NO_SUCCESS)
                            || status == UNAUTHORIZED
                            || status == FORBIDDEN;
            return there
                    ? new Finding("True", "Passed", "all checks passed")
                    : Finding.failed(
                            "FailedDiscoveryCheck",
                            "failing or missing response from "
                                    + place
                                    + ": bad status from "
                                    + place
                                    + ": "
                                    + status);
        } catch (ApiException e) {
            return e.status().message().startsWith("no endpoints available")
                    ? Finding.failed(
                            "MissingEndpoints", "endpoints for " + service + " have no addresses")
                    : Finding.failed("FailedDiscoveryCheck", failing(place, e));
        } catch (IOException | IllegalArgumentException e) {
            return Finding.failed("FailedDiscoveryCheck", failing(place, e));
        }
    }

    private static String failing(String place, Exception why) {
        return "failing or missing response from " + place + ": " + why.getMessage();
    }
}
