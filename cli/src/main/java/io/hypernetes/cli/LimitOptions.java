package io.hypernetes.cli;

import io.hypernetes.api.quantity.Quantity;
import io.hypernetes.server.ServerLimits;
import io.hypernetes.server.access.FlowLimits;
import io.hypernetes.server.http.HttpLimits;
import io.hypernetes.server.outbound.TenantUrls;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

import java.time.Duration;
import java.util.List;

/**
 * What clients and tenants may ask of the server. Named as kube-apiserver's flags where it has the
 * same.
 */
final class LimitOptions {

    @Option(
            names = "--max-requests-inflight",
            paramLabel = "N",
            description = "Short requests under way, of all tenants (default: ${DEFAULT-VALUE}).",
            defaultValue = "600")
    private int seats = 600;

    @Option(
            names = "--tenant-requests-inflight",
            paramLabel = "N",
            description = "Of one tenant; others wait in its line (default: ${DEFAULT-VALUE}).",
            defaultValue = "128")
    private int tenantSeats = 128;

    @Option(
            names = "--tenant-queue-length",
            paramLabel = "N",
            description =
                    "Requests in a tenant's line; more are refused with 429 (default:"
                            + " ${DEFAULT-VALUE}).",
            defaultValue = "256")
    private int queue = 256;

    @Option(
            names = "--queue-timeout",
            paramLabel = "SECONDS",
            description = "How long a request waits in line (default: ${DEFAULT-VALUE}).",
            defaultValue = "15")
    private int queueTimeout = 15;

    @Option(
            names = "--body-bytes-inflight",
            paramLabel = "SIZE",
            converter = Bytes.class,
            description =
                    "What the bodies of all requests under way may have (default:"
                            + " ${DEFAULT-VALUE}).",
            defaultValue = "384Mi")
    private long bodies = 384L << 20;

    @Option(
            names = "--tenant-body-bytes-inflight",
            paramLabel = "SIZE",
            converter = Bytes.class,
            description = "The same of one tenant (default: ${DEFAULT-VALUE}).",
            defaultValue = "128Mi")
    private long tenantBodies = 128L << 20;

    @Option(
            names = "--tenant-large-body-bytes-per-second",
            paramLabel = "SIZE",
            converter = Bytes.class,
            description =
                    "What one tenant may bring in bodies from 256Ki on, in the long run; four"
                            + " seconds' worth at once (default: ${DEFAULT-VALUE}).",
            defaultValue = "4Mi")
    private long tenantLargeBodies = 4L << 20;

    @Option(
            names = "--tenant-lists-inflight",
            paramLabel = "N",
            description =
                    "Lists without a limit of one tenant, at once; others wait in its line"
                            + " (default: ${DEFAULT-VALUE}).",
            defaultValue = "16")
    private int lists = 16;

    @Option(
            names = "--max-connections",
            paramLabel = "N",
            description = "Connections open at once, of all clients (default: ${DEFAULT-VALUE}).",
            defaultValue = "20000")
    private int connections = 20_000;

    @Option(
            names = "--max-connections-per-address",
            paramLabel = "N",
            description = "The same of one address (default: ${DEFAULT-VALUE}).",
            defaultValue = "5000")
    private int addressConnections = 5_000;

    @Option(
            names = "--max-connection-rate-per-address",
            paramLabel = "N",
            description =
                    "New connections of one address in a second; four seconds' worth may come at"
                            + " once, more are closed before the handshake (default:"
                            + " ${DEFAULT-VALUE}).",
            defaultValue = "100")
    private int handshakes = HttpLimits.HANDSHAKES_PER_SECOND;

    @Option(
            names = "--tenant-watches",
            paramLabel = "N",
            description =
                    "Watches, followed logs and sessions of one tenant (default:"
                            + " ${DEFAULT-VALUE}).",
            defaultValue = "2000")
    private int watches = 2000;

    @Option(
            names = "--max-request-body",
            paramLabel = "SIZE",
            converter = Bytes.class,
            description = "The largest body, also when compressed (default: ${DEFAULT-VALUE}).",
            defaultValue = "3Mi")
    private long body = 3L << 20;

    @Option(
            names = "--request-body-timeout",
            paramLabel = "SECONDS",
            description = "Within which a body must have come (default: ${DEFAULT-VALUE}).",
            defaultValue = "60")
    private int bodyTimeout = 60;

    @Option(
            names = "--max-request-headers",
            paramLabel = "SIZE",
            converter = Bytes.class,
            description = "Of a request's line and headers (default: ${DEFAULT-VALUE}).",
            defaultValue = "32Ki")
    private long headers = 32L << 10;

    @Option(
            names = "--idle-timeout",
            paramLabel = "SECONDS",
            description =
                    "After which a connection is closed over which nothing goes, and an answer is"
                            + " broken off of which nothing is read (default: ${DEFAULT-VALUE}).",
            defaultValue = "300")
    private int idle = 300;

    @Option(
            names = "--http2-max-streams-per-connection",
            paramLabel = "N",
            description = "Requests at once over one connection (default: ${DEFAULT-VALUE}).",
            defaultValue = "1000")
    private int streams = 1000;

    ServerLimits limits() {
        atLeast("--max-requests-inflight", seats, 1);
        atLeast("--tenant-requests-inflight", tenantSeats, 1);
        atLeast("--tenant-queue-length", queue, 0);
        atLeast("--queue-timeout", queueTimeout, 1);
        atLeast("--tenant-watches", watches, 1);
        atLeast("--tenant-lists-inflight", lists, 1);
        atLeast("--max-connections-per-address", addressConnections, 1);
        atMost(
                "--max-connections-per-address",
                addressConnections,
                "--max-connections",
                connections);
        atLeast("--max-connection-rate-per-address", handshakes, 1);
        atLeast("--max-request-body", body, 1024);
        atMost("--max-request-body", body, "a gibibyte", 1L << 30);
        atMost("--max-request-body", body, "--tenant-body-bytes-inflight", tenantBodies);
        atMost("--tenant-body-bytes-inflight", tenantBodies, "--body-bytes-inflight", bodies);
        atMost("--tenant-requests-inflight", tenantSeats, "--max-requests-inflight", seats);
        atLeast("--tenant-large-body-bytes-per-second", tenantLargeBodies, 1024);
        atLeast("--request-body-timeout", bodyTimeout, 1);
        atLeast("--max-request-headers", headers, 4096);
        atMost("--max-request-headers", headers, "a mebibyte", 1L << 20);
        atLeast("--idle-timeout", idle, 1);
        atLeast("--http2-max-streams-per-connection", streams, 1);
        return new ServerLimits(
                new HttpLimits(
                        (int) body,
                        Duration.ofSeconds(bodyTimeout),
                        (int) headers,
                        Duration.ofSeconds(idle),
                        streams,
                        connections,
                        addressConnections,
                        handshakes,
                        HttpLimits.HANDSHAKE_TIME),
                new FlowLimits(
                        seats,
                        tenantSeats,
                        queue,
                        Duration.ofSeconds(queueTimeout),
                        bodies,
                        tenantBodies,
                        tenantLargeBodies,
                        lists,
                        watches),
                urls);
    }

    @Option(
            names = "--tenant-urls",
            paramLabel = "none|public|all",
            converter = Urls.class,
            description =
                    "Where this machine connects to when a tenant names a URL, of a webhook for"
                            + " instance: nowhere, to public addresses, to all (default:"
                            + " ${DEFAULT-VALUE}).",
            defaultValue = "none")
    private TenantUrls urls = TenantUrls.NONE;

    private static void atLeast(String option, long value, long least) {
        if (value < least) {
            throw new CommandException(option + " " + value + " is less than " + least);
        }
    }

    private static void atMost(String option, long value, String name, long most) {
        if (value > most) {
            throw new CommandException(
                    option + " " + value + " is more than " + name + " (" + most + ")");
        }
    }

    /** The same again, for the command line of the process that {@code up} starts. */
    List<String> arguments() {
        return List.of(
                "--max-requests-inflight=" + seats,
                "--tenant-requests-inflight=" + tenantSeats,
                "--tenant-queue-length=" + queue,
                "--queue-timeout=" + queueTimeout,
                "--body-bytes-inflight=" + bodies,
                "--tenant-body-bytes-inflight=" + tenantBodies,
                "--tenant-large-body-bytes-per-second=" + tenantLargeBodies,
                "--tenant-lists-inflight=" + lists,
                "--tenant-watches=" + watches,
                "--max-connections=" + connections,
                "--max-connections-per-address=" + addressConnections,
                "--max-connection-rate-per-address=" + handshakes,
                "--max-request-body=" + body,
                "--request-body-timeout=" + bodyTimeout,
                "--max-request-headers=" + headers,
                "--idle-timeout=" + idle,
                "--http2-max-streams-per-connection=" + streams,
                "--tenant-urls=" + urls);
    }

    static final class Urls implements ITypeConverter<TenantUrls> {
        @Override
        public TenantUrls convert(String text) {
            try {
                return TenantUrls.of(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }

    /** As Kubernetes writes amounts: {@code 3Mi}, {@code 3145728}. */
    static final class Bytes implements ITypeConverter<Long> {
        @Override
        public Long convert(String text) {
            try {
                return Quantity.parse(text).value();
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException("'" + text + "' is no size, such as 3Mi or 4096");
            }
        }
    }
}
