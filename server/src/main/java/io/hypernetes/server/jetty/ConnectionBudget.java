package io.hypernetes.server.jetty;

import io.hypernetes.server.http.HttpLimits;

import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.ssl.SslConnection;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Closes connections beyond the limits as soon as they are accepted: before the handshake, which is
 * what costs. Called by Jetty's threads.
 */
final class ConnectionBudget implements Connection.Listener {
    private final HttpLimits limits;
    private final Set<Connection> open = ConcurrentHashMap.newKeySet();
    private final ConcurrentMap<InetAddress, Integer> byAddress = new ConcurrentHashMap<>();

    ConnectionBudget(HttpLimits limits) {
        this.limits = limits;
    }

    /** Every connection is TLS; what is spoken inside is a connection of Jetty's, too. */
    @Override
    public void onOpened(Connection connection) {
        if (connection instanceof SslConnection) {
            open.add(connection);
            int ofAddress = byAddress.merge(address(connection), 1, Integer::sum);
            if (open.size() > limits.connections() || ofAddress > limits.connectionsPerAddress()) {
                connection.getEndPoint().close();
            }
        }
    }

    @Override
    public void onClosed(Connection connection) {
        if (open.remove(connection)) {
            byAddress.computeIfPresent(
                    address(connection), (_, count) -> count > 1 ? count - 1 : null);
        }
    }

    private static InetAddress address(Connection connection) {
        return connection.getEndPoint().getRemoteSocketAddress() instanceof InetSocketAddress ip
                ? ip.getAddress()
                : InetAddress.getLoopbackAddress();
    }
}
