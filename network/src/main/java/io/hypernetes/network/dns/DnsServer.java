package io.hypernetes.network.dns;

import io.hypernetes.api.Tenant;
import io.hypernetes.network.LocalPort;
import io.hypernetes.network.NetworkException;
import io.hypernetes.network.tap.Netns;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/**
 * The name server of one network: port 53, UDP and TCP, at the local port. What a network may ask
 * is bounded, so that its pods take no processor time from other tenants.
 *
 * <p>A virtual thread receives, and one answers each question.
 */
public final class DnsServer implements AutoCloseable {

    static final int PORT = 53;

    private static final Logger LOG = LoggerFactory.getLogger(DnsServer.class);
    private static final int PER_SECOND = 2_000;
    private static final int BURST = 2_000;
    private static final int AT_ONCE = 64;
    private static final int CONNECTIONS = 32;
    private static final int LARGEST_QUERY = 4_096;
    private static final int IDLE_MILLIS = 10_000;

    private final ClusterDns dns;
    private final LocalPort port;
    private final Tenant tenant;
    private final DatagramChannel datagrams;
    private final ServerSocketChannel connections;
    private final RateLimit limit = new RateLimit(PER_SECOND, BURST, System.nanoTime());
    private final Semaphore questions = new Semaphore(AT_ONCE);
    private final Semaphore clients = new Semaphore(CONNECTIONS);

    private DnsServer(
            ClusterDns dns,
            LocalPort port,
            DatagramChannel datagrams,
            ServerSocketChannel connections) {
        this.dns = dns;
        this.port = port;
        this.tenant = new Tenant(port.network().tenant());
        this.datagrams = datagrams;
        this.connections = connections;
    }

    /** Serves until it is closed. */
    public static DnsServer open(ClusterDns dns, LocalPort port) {
        InetSocketAddress address = new InetSocketAddress(port.address(), PORT);
        Netns netns = new Netns(port.netns());
        StandardProtocolFamily family = LocalPort.family(port.address());
        try {
            DatagramChannel datagrams =
                    netns.call(() -> DatagramChannel.open(family).bind(address));
            ServerSocketChannel connections =
                    netns.call(() ->
                            ServerSocketChannel.open(family)
                                    .setOption(StandardSocketOptions.SO_REUSEADDR, true)
                                    .bind(address));
            DnsServer server = new DnsServer(dns, port, datagrams, connections);
            String name = "dns-" + port.network();
            Thread.ofVirtual().name(name).start(server::receive);
            Thread.ofVirtual().name(name + "-tcp").start(server::accept);
            return server;
        } catch (IOException e) {
            throw new NetworkException(
                    "no name server for network " + port.network() + ": " + e.getMessage(), e);
        }
    }

    private void receive() {
        ByteBuffer buffer = ByteBuffer.allocate(LARGEST_QUERY);
        while (datagrams.isOpen()) {
            try {
                SocketAddress client = datagrams.receive(buffer.clear());
                if (!limit.take(System.nanoTime()) || !questions.tryAcquire()) {
                    continue; // the resolver asks again
                }
                byte[] query = new byte[buffer.flip().remaining()];
                buffer.get(query);
                Thread.ofVirtual().start(() -> answer(query, client));
            } catch (IOException e) {
                if (datagrams.isOpen()) {
                    LOG.debug("{}: {}", port.network(), e.getMessage());
                }
            }
        }
    }

    private void answer(byte[] query, SocketAddress client) {
        try {
            Optional<byte[]> answer = dns.answer(asker(false), query);
            if (answer.isPresent()) {
                datagrams.send(ByteBuffer.wrap(answer.get()), client);
            }
        } catch (IOException e) {
            LOG.debug("{}: no answer to {}: {}", port.network(), client, e.getMessage());
        } finally {
            questions.release();
        }
    }

    private ClusterDns.Asker asker(boolean overTcp) {
        return new ClusterDns.Asker(tenant, port.address(), overTcp);
    }

    private void accept() {
        while (connections.isOpen()) {
            try {
                SocketChannel client = connections.accept();
                if (clients.tryAcquire()) {
                    Thread.ofVirtual().start(() -> serve(client));
                } else {
                    client.close();
                }
            } catch (IOException e) {
                if (connections.isOpen()) {
                    LOG.debug("{}: {}", port.network(), e.getMessage());
                }
            }
        }
    }

    private void serve(SocketChannel client) {
        try (client) {
            client.socket().setSoTimeout(IDLE_MILLIS);
            DataInputStream in = new DataInputStream(client.socket().getInputStream());
            DataOutputStream out = new DataOutputStream(client.socket().getOutputStream());
            while (limit.take(System.nanoTime())) {
                int length = in.readUnsignedShort();
                if (length > LARGEST_QUERY) {
                    return;
                }
                byte[] query = new byte[length];
                in.readFully(query);
                Optional<byte[]> answer = dns.answer(asker(true), query);
                if (answer.isEmpty()) {
                    return;
                }
                ByteBuffer framed = ByteBuffer.allocate(2 + answer.get().length);
                framed.putShort((short) answer.get().length).put(answer.get());
                out.write(framed.array());
                out.flush();
            }
        } catch (EOFException e) {
            return; // has heard enough
        } catch (IOException e) {
            LOG.debug("{}: {}", port.network(), e.getMessage());
        } finally {
            clients.release();
        }
    }

    @Override
    public void close() {
        try (datagrams;
                connections) {
            LOG.debug("the name server of {} ends", port.network());
        } catch (IOException e) {
            throw new NetworkException("cannot end the name server of " + port.network(), e);
        }
    }
}
