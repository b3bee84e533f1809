package io.hypernetes.server.jetty;

import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SelectorManager;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.IO;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.channels.Channel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Predicate;

/**
 * A connector that leaves no connection open when it has stopped: with nobody to read it and no
 * clock to end it, a client that set no time limit would wait for its handshake for ever. Two ways
 * led there. Jetty closes the connections that its selectors know by then, not one that was
 * accepted a moment before. And it interrupts the thread that waits in {@code accept}: what the JDK
 * has accepted by then is lost to all, so here the selectors accept, and no thread waits.
 *
 * <p>Called by Jetty's threads; the flag and the last look at the set are guarded by this.
 */
final class TcpConnector extends ServerConnector {
    /** None: the selectors accept. */
    private static final int ACCEPTORS = 0;

    private static final int SELECTORS_AS_JETTY_CHOOSES = -1;

    /**
     * A selector accepts until nobody waits, which in a flood is never, and has no eye for requests
     * meanwhile.
     */
    private static final int ACCEPTED_AT_ONCE = 4;

    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private boolean stopped;

    /** Written before the start. */
    private volatile Predicate<InetAddress> welcome = _ -> true;

    TcpConnector(Server server, ConnectionFactory... factories) {
        super(server, null, null, null, ACCEPTORS, SELECTORS_AS_JETTY_CHOOSES, factories);
        getSelectorManager()
                .addEventListener(
                        new SelectorManager.AcceptListener() {
                            @Override
                            public void onAcceptFailed(SelectableChannel channel, Throwable cause) {
                                forget(channel);
                            }
                        });
    }

    /**
     * Connections from other addresses are closed as soon as they come: nothing is made of them.
     */
    void admit(Predicate<InetAddress> addresses) {
        welcome = addresses;
    }

    @Override
    protected SelectorManager newSelectorManager(
            Executor executor, Scheduler scheduler, int selectors) {
        return new ServerConnectorManager(executor, scheduler, selectors) {
            private int inARow;

            /**
             * Says now and then that nobody is there: the selector comes back after a look round.
             */
            @Override
            protected @Nullable SelectableChannel doAccept(SelectableChannel port)
                    throws IOException {
                boolean on = inARow < ACCEPTED_AT_ONCE;
                @Nullable SelectableChannel client = on ? super.doAccept(port) : null;
                inARow = client == null ? 0 : inARow + 1;
                return client;
            }

            @Override
            protected void accepted(SelectableChannel channel) throws IOException {
                if (channel instanceof SocketChannel client
                        && !welcome.test(client.socket().getInetAddress())) {
                    IO.close(channel);
                } else {
                    super.accepted(channel);
                }
            }
        };
    }

    /** The first that is heard of a connection. */
    @Override
    protected void configure(Socket socket) {
        super.configure(socket);
        synchronized (this) {
            if (stopped) {
                IO.close(socket);
            } else {
                open.add(socket);
            }
        }
    }

    /** One that was accepted before the port closed, and is not among those told to end. */
    @Override
    protected void onEndPointOpened(EndPoint endpoint) {
        super.onEndPointOpened(endpoint);
        if (hasStopped()) {
            endpoint.close();
        }
    }

    private synchronized boolean hasStopped() {
        return stopped;
    }

    @Override
    protected void onEndPointClosed(EndPoint endpoint) {
        super.onEndPointClosed(endpoint);
        forget(endpoint.getTransport());
    }

    private void forget(@Nullable Object transport) {
        if (transport instanceof SocketChannel channel) {
            open.remove(channel.socket());
        }
    }

    /** Nothing more is accepted, while requests under way may end. */
    @Override
    public void close() {
        synchronized (this) {
            stopped = true;
        }
        super.close();
        if (getTransport() instanceof Channel port) {
            IO.close(port);
            // The system closes it when the selector that has it looks at it again.
            getSelectorManager()
                    .getBeans(ManagedSelector.class)
                    .forEach(selector -> selector.submit(_ -> {}));
        }
    }

    @Override
    protected void doStart() throws Exception {
        synchronized (this) {
            stopped = false;
        }
        super.doStart();
    }

    @Override
    protected void doStop() throws Exception {
        try {
            super.doStop();
        } finally {
            closeAll();
        }
    }

    private synchronized void closeAll() {
        open.forEach(IO::close);
        open.clear();
    }
}
