package io.hypernetes.network.local;

import io.hypernetes.api.types.networking.ServiceRanges;
import io.hypernetes.network.LocalPort;
import io.hypernetes.network.LocalService;
import io.hypernetes.network.NetworkException;
import io.hypernetes.network.VirtualServer.Protocol;
import io.hypernetes.network.tap.Netns;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/**
 * The service {@code kubernetes} of a network: what connects there speaks with the API server, and
 * with nothing else of this machine. Bytes are passed as they are; who is who is the API's to find
 * out, from certificates and tokens.
 */
public final class ApiForwarder implements LocalServer {

    private static final Logger LOG = LoggerFactory.getLogger(ApiForwarder.class);

    private static final int HTTPS = 443;
    private static final int LOCAL_PORT = 6443;

    /** Of one network, so that its pods cannot take all of the API's connections. */
    private static final int CONNECTIONS = 512;

    private static final int CONNECT_MILLIS = 5_000;
    private static final int BUFFER = 16 * 1024;

    private final Supplier<InetSocketAddress> api;
    private final ServiceRanges services;

    /**
     * @param api where the API server listens, asked for at each connection
     * @param services whose first addresses are those of the service, in every world
     */
    public ApiForwarder(Supplier<InetSocketAddress> api, ServiceRanges services) {
        this.api = api;
        this.services = services;
    }

    @Override
    public List<LocalService> addresses() {
        return services.apiAddresses().stream()
                .map(address -> new LocalService(Protocol.TCP, address, HTTPS, LOCAL_PORT))
                .toList();
    }

    @Override
    public AutoCloseable open(LocalPort port) {
        List<ServerSocketChannel> servers = new ArrayList<>();
        try {
            for (String address : port.addresses()) {
                servers.add(
                        new Netns(port.netns())
                                .call(() ->
                                        ServerSocketChannel.open(LocalPort.family(address))
                                                .setOption(StandardSocketOptions.SO_REUSEADDR, true)
                                                .bind(new InetSocketAddress(address, LOCAL_PORT))));
            }
        } catch (IOException e) {
            servers.forEach(Serving::end);
            throw new NetworkException(
                    "the API cannot be had in network " + port.network() + ": " + e.getMessage(),
                    e);
        }
        Serving serving = new Serving(port, servers);
        for (ServerSocketChannel server : servers) {
            Thread.ofVirtual().name("api-" + port.network()).start(() -> serving.accept(server));
        }
        return serving;
    }

    /** One network. */
    private final class Serving implements AutoCloseable {

        private final LocalPort port;
        private final List<ServerSocketChannel> servers;
        private final Semaphore seats = new Semaphore(CONNECTIONS);
        private final Set<SocketChannel> open = ConcurrentHashMap.newKeySet();

        Serving(LocalPort port, List<ServerSocketChannel> servers) {
            this.port = port;
            this.servers = List.copyOf(servers);
        }

        void accept(ServerSocketChannel server) {
            while (server.isOpen()) {
                try {
                    SocketChannel client = server.accept();
                    if (seats.tryAcquire()) {
                        open.add(client);
                        Thread.ofVirtual().start(() -> serve(client));
                    } else {
                        client.close();
                    }
                } catch (IOException e) {
                    if (server.isOpen()) {
                        LOG.debug("{}: {}", port.network(), e.getMessage());
                    }
                }
            }
        }

        private void serve(SocketChannel client) {
            try (client;
                    SocketChannel upstream = SocketChannel.open()) {
                client.setOption(StandardSocketOptions.TCP_NODELAY, true);
                client.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
                upstream.setOption(StandardSocketOptions.TCP_NODELAY, true);
                InetSocketAddress server = api.get();
                if (server.getAddress().isLoopbackAddress()
                        && server.getAddress() instanceof Inet4Address) {
                    upstream.bind(new InetSocketAddress(source(port), 0));
                }
                upstream.socket().connect(server, CONNECT_MILLIS);
                Thread up = Thread.ofVirtual().start(() -> pass(client, upstream));
                pass(upstream, client);
                client.shutdownInput(); // the API has ended: nobody listens any more
                up.join();
            } catch (IOException e) {
                LOG.debug("{}: {}", port.network(), e.getMessage());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                open.remove(client);
                seats.release();
            }
        }

        /**
         * An address of the loopback network that is this network's own: the API's limits of an
         * address (connections, and how fast they come) hold for each network, not for all.
         */
        private static InetAddress source(LocalPort port) {
            int hash = port.network().hashCode();
            byte[] address = {
                127,
                (byte) Math.clamp(hash >>> 16 & 0xff, 1, 254),
                (byte) (hash >>> 8),
                (byte) Math.clamp(hash & 0xff, 1, 254)
            };
            try {
                return InetAddress.getByAddress(address);
            } catch (UnknownHostException e) {
                throw new IllegalStateException("four bytes are an address", e);
            }
        }

        private static void pass(SocketChannel from, SocketChannel to) {
            ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
            try {
                while (from.read(buffer.clear()) >= 0) {
                    buffer.flip();
                    while (buffer.hasRemaining()) {
                        to.write(buffer);
                    }
                }
                to.shutdownOutput();
            } catch (IOException e) {
                LOG.trace("a connection ends: {}", e.getMessage());
                end(from);
                end(to);
            }
        }

        private static void end(Channel channel) {
            try {
                channel.close();
            } catch (IOException e) {
                LOG.trace("already gone: {}", e.getMessage());
            }
        }

        @Override
        public void close() {
            servers.forEach(Serving::end);
            open.forEach(Serving::end);
        }
    }
}
