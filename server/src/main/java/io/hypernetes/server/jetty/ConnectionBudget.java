package io.hypernetes.server.jetty;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.hypernetes.server.http.HttpLimits;
import io.hypernetes.server.http.Rates;

import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.util.thread.Scheduler;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.LongSupplier;

/**
 * Closes connections beyond the limits before the handshake, which is what costs, and those that do
 * not shake hands in time. Who comes too often is told apart by the address alone, before there is
 * a connection. Called by Jetty's threads.
 */
final class ConnectionBudget implements Connection.Listener {
    /** What a session's protocol is called before the handshake. */
    private static final String NONE = "NONE";

    private static final int SECONDS_SAVED = 4;

    private final HttpLimits limits;
    private final Scheduler scheduler;
    private final Rates<InetAddress> rates;
    private final Set<Connection> open = ConcurrentHashMap.newKeySet();
    private final ConcurrentMap<InetAddress, Integer> byAddress = new ConcurrentHashMap<>();

    /** Ends a handshake that takes too long. It holds its connection, so it goes with it. */
    private final ConcurrentMap<Connection, Scheduler.Task> clocks = new ConcurrentHashMap<>();

    ConnectionBudget(HttpLimits limits, Scheduler scheduler, LongSupplier nanos) {
        this.limits = limits;
        this.scheduler = scheduler;
        this.rates = new Rates<>(nanos);
    }

    /** Every connection is TLS; what is spoken inside is a connection of Jetty's, too. */
    @Override
    public void onOpened(Connection connection) {
        if (connection instanceof SslConnection secured) {
            open.add(connection);
            InetAddress address = address(connection);
            int ofAddress = byAddress.merge(address, 1, Integer::sum);
            if (open.size() > limits.connections() || ofAddress > limits.connectionsPerAddress()) {
                connection.getEndPoint().close();
            } else {
                long millis = limits.handshakeTime().toMillis();
                clocks.put(
                        connection,
                        scheduler.schedule(() -> endUnlessGreeted(secured), millis, MILLISECONDS));
            }
        }
    }

    /** A handshake costs about a millisecond of a processor, before it is known who asks. */
    boolean mayShakeHands(InetAddress address) {
        int perSecond = limits.handshakesPerSecond();
        return rates.take(address, perSecond, (double) perSecond * SECONDS_SAVED);
    }

    /** Who has not shaken hands by now holds a connection and says nothing. */
    private void endUnlessGreeted(SslConnection connection) {
        clocks.remove(connection);
        if (open.contains(connection)
                && connection.getSSLEngine().getSession().getProtocol().equals(NONE)) {
            connection.getEndPoint().close();
        }
    }

    @Override
    public void onClosed(Connection connection) {
        if (open.remove(connection)) {
            byAddress.computeIfPresent(
                    address(connection), (_, count) -> count > 1 ? count - 1 : null);
            Scheduler.Task clock = clocks.remove(connection);
            if (clock != null) {
                clock.cancel();
            }
        }
    }

    private static InetAddress address(Connection connection) {
        return connection.getEndPoint().getRemoteSocketAddress() instanceof InetSocketAddress ip
                ? ip.getAddress()
                : InetAddress.getLoopbackAddress();
    }
}
