package io.hypernetes.network.local;

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
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
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

    /** The first address of the services' range, in every world. */
    private static final String ADDRESS = "10.96.0.1";

    private static final int HTTPS = 443;
    private static final int LOCAL_PORT = 6443;

    /** Of one network, so that its pods cannot take all of the API's connections. */
    private static final int CONNECTIONS = 512;

    private static final int CONNECT_MILLIS = 5_000;
    private static final int BUFFER = 16 * 1024;

    private final Supplier<InetSocketAddress> api;

    /**
     * @param api where the API server listens, asked for at each connection
     */
    public ApiForwarder(Supplier<InetSocketAddress> api) {
        this.api = api;
    }

    @Override
    public List<LocalService> addresses() {
        return List.of(new LocalService(Protocol.TCP, ADDRESS, HTTPS, LOCAL_PORT));
    }

    @Override
    public AutoCloseable open(LocalPort port) {
        try {
            ServerSocketChannel server =
                    new Netns(port.netns())
                            .call(() ->
                                    ServerSocketChannel.open(StandardProtocolFamily.INET)
                                            .setOption(StandardSocketOptions.SO_REUSEADDR, true)
                                            .bind(
                                                    new InetSocketAddress(
                                                            port.address(), LOCAL_PORT)));
            Serving serving = new Serving(port, server);
            Thread.ofVirtual().name("api-" + port.network()).start(serving::accept);
            return serving;
        } catch (IOException e) {
            throw new NetworkException(
                    "the API cannot be had in network " + port.network() + ": " + e.getMessage(),
                    e);
        }
    }

    /** One network. */
    private final class Serving implements AutoCloseable {

        private final LocalPort port;
        private final ServerSocketChannel server;
        private final Semaphore seats = new Semaphore(CONNECTIONS);
        private final Set<SocketChannel> open = ConcurrentHashMap.newKeySet();

        Serving(LocalPort port, ServerSocketChannel server) {
            this.port = port;
            this.server = server;
        }

        void accept() {
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

        private static void end(SocketChannel channel) {
            try {
                channel.close();
            } catch (IOException e) {
                LOG.trace("already gone: {}", e.getMessage());
            }
        }

        @Override
        public void close() throws IOException {
            server.close();
            open.forEach(Serving::end);
        }
    }
}
