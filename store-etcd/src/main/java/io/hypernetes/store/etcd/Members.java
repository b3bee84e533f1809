package io.hypernetes.store.etcd;

import com.google.common.util.concurrent.ListenableFuture;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptor;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NegotiationType;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.hypernetes.store.StoreException;
import io.hypernetes.store.UnknownOutcomeException;
import io.hypernetes.store.etcd.rpc.AuthGrpc;
import io.hypernetes.store.etcd.rpc.MaintenanceGrpc;
import io.hypernetes.store.etcd.rpc.StatusRequest;
import io.netty.handler.ssl.SslContextBuilder;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.File;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import javax.net.ssl.SSLException;

/**
 * The members of a cluster, one connection each. Calls go to one of them until it fails, then to
 * the next; any member serves everything, for they pass writes on to their leader.
 */
final class Members implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Members.class);

    /** How long one member may take to answer. */
    private static final Duration CALL = Duration.ofSeconds(5);

    /** How long members are asked in turn: an election takes one to two seconds. */
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private static final Duration CONNECT = Duration.ofSeconds(2);
    private static final Duration ROUND = Duration.ofMillis(50);

    /** A member that has lost its leader refuses such calls at once instead of holding them. */
    private static final Metadata.Key<String> REQUIRE_LEADER =
            Metadata.Key.of("hasleader", Metadata.ASCII_STRING_MARSHALLER);

    private final List<String> names;
    private final List<ManagedChannel> channels;
    private final Optional<Login> login;

    /** The member that answered last. */
    private final AtomicInteger current = new AtomicInteger();

    private volatile boolean closed;

    Members(EtcdSettings settings) {
        this.names = settings.members();
        Metadata headers = new Metadata();
        headers.put(REQUIRE_LEADER, "true");
        ClientInterceptor leader = MetadataUtils.newAttachHeadersInterceptor(headers);
        this.login = settings.user().map(Login::new);
        List<ClientInterceptor> all = new ArrayList<>(List.of(leader));
        login.ifPresent(all::add);
        this.channels = names.stream().map(name -> connect(name, settings, all)).toList();
    }

    private static ManagedChannel connect(
            String member, EtcdSettings settings, List<ClientInterceptor> interceptors) {
        NettyChannelBuilder builder =
                NettyChannelBuilder.forTarget("dns:///" + member)
                        .directExecutor()
                        .intercept(interceptors)
                        // etcd itself limits what it accepts; answers have no limit of theirs.
                        .maxInboundMessageSize(Integer.MAX_VALUE)
                        .flowControlWindow(4 << 20)
                        .keepAliveTime(10, TimeUnit.SECONDS)
                        .keepAliveTimeout(5, TimeUnit.SECONDS)
                        .disableRetry();
        if (settings.tls().isEmpty()) {
            return builder.negotiationType(NegotiationType.PLAINTEXT).build();
        }
        EtcdSettings.Tls tls = settings.tls().get();
        try {
            SslContextBuilder context =
                    GrpcSslContexts.forClient().trustManager(readable(tls.authority().toFile()));
            tls.client()
                    .ifPresent(client ->
                            context.keyManager(
                                    readable(client.certificate().toFile()),
                                    readable(client.key().toFile())));
            return builder.sslContext(context.build()).build();
        } catch (SSLException | IllegalArgumentException e) {
            throw new StoreException(
                    "the certificates for etcd cannot be used: " + e.getMessage(), e);
        }
    }

    private static File readable(File file) {
        if (!file.canRead()) {
            throw new StoreException("the file " + file + " cannot be read");
        }
        return file;
    }

    /**
     * Tells at once of certificates that do not fit, on either side: waiting does not mend them.
     *
     * @throws StoreException when no member can be connected to for that reason
     */
    void requireTrust() {
        String last = "";
        for (int member = 0; member < channels.size(); member++) {
            ManagedChannel channel = channels.get(member);
            isReady(channel);
            // Asked even when it is: a member refuses a certificate after the handshake (TLS 1.3).
            Status why = whyNot(channel);
            if (!Problems.isDistrust(why)) {
                return;
            }
            last = names.get(member) + ": " + Problems.text(why);
        }
        throw new StoreException(
                "etcd and this server do not trust each other ("
                        + last
                        + "): --etcd-cafile must have signed etcd's certificate, and etcd's"
                        + " --trusted-ca-file the one of --etcd-certfile");
    }

    /** Asks a member for nothing. */
    private static Status whyNot(Channel channel) {
        try {
            send(channel, MaintenanceGrpc.getStatusMethod(), StatusRequest.getDefaultInstance());
            return Status.OK;
        } catch (StatusRuntimeException e) {
            return e.getStatus();
        }
    }

    /** A call that may be made twice. */
    <Q, A> A read(MethodDescriptor<Q, A> method, Q request) {
        return call(method, request, true);
    }

    /**
     * A call that must not be made twice.
     *
     * @throws UnknownOutcomeException when it may have been made
     */
    <Q, A> A write(MethodDescriptor<Q, A> method, Q request) {
        return call(method, request, false);
    }

    /**
     * @throws StatusRuntimeException what a member answered, when another would answer the same
     */
    private <Q, A> A call(MethodDescriptor<Q, A> method, Q request, boolean repeatable) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        String last = "";
        for (int attempt = 1; ; attempt++) {
            requireOpen();
            int member = current.get();
            ManagedChannel channel = channels.get(member);
            if (isReady(channel)) {
                try {
                    return once(channel, method, request);
                } catch (StatusRuntimeException e) {
                    requireOpen();
                    last = Problems.text(e.getStatus());
                    if (!Problems.isRefused(e)) {
                        if (!Problems.isLost(e)) {
                            throw e;
                        }
                        if (!repeatable) {
                            advance(member);
                            throw new UnknownOutcomeException(
                                    "etcd member "
                                            + names.get(member)
                                            + " was lost while it wrote ("
                                            + last
                                            + "): this write was made or not. Read to find out",
                                    e);
                        }
                    }
                }
            }
            advance(member);
            if (System.nanoTime() > end) {
                throw new StoreException(
                        "no member of the etcd cluster answers ("
                                + names
                                + "; "
                                + (last.isEmpty() ? Problems.text(whyNot(channel)) : last)
                                + ")");
            }
            if (attempt % channels.size() == 0) {
                pause();
            }
        }
    }

    /** A token that is not taken any more is refused before anything is done: so once again. */
    private <Q, A> A once(Channel channel, MethodDescriptor<Q, A> method, Q request) {
        String token = login.map(Login::token).orElse("");
        try {
            return send(channel, method, request);
        } catch (StatusRuntimeException e) {
            if (login.isEmpty() || !Problems.wantsLogin(e)) {
                throw e;
            }
            renew(channel, token);
            return send(channel, method, request);
        }
    }

    private void renew(Channel channel, String refused) {
        login.ifPresent(of ->
                of.renew(
                        refused,
                        who -> send(channel, AuthGrpc.getAuthenticateMethod(), who).getToken()));
    }

    /** For a stream that was refused, whatever for: its reason is told in many words. */
    void renewLogin(int member, String refused) {
        try {
            renew(channel(member), refused);
        } catch (StatusRuntimeException e) {
            LOG.warn("etcd takes no login: {}", Problems.text(e.getStatus()));
        }
    }

    /** What a stream that is opened now says who asks by. */
    String token() {
        return login.map(Login::token).orElse("");
    }

    private static <Q, A> A send(Channel channel, MethodDescriptor<Q, A> method, Q request) {
        CallOptions options =
                CallOptions.DEFAULT.withDeadlineAfter(CALL.toMillis(), TimeUnit.MILLISECONDS);
        return await(ClientCalls.futureUnaryCall(channel.newCall(method, options), request));
    }

    /** Waits whatever comes: the outcome must be known. It comes, for the call has a deadline. */
    private static <A> A await(ListenableFuture<A> future) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return future.get();
                } catch (InterruptedException _) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    if (e.getCause() instanceof StatusRuntimeException status) {
                        throw status.getStatus().asRuntimeException(status.getTrailers());
                    }
                    throw new StoreException("etcd cannot be asked: " + e.getMessage(), e);
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /**
     * Whether a connection stands, so that a call that fails for want of one is known not to have
     * been made. Waits a moment for one that is on its way.
     */
    private static boolean isReady(ManagedChannel channel) {
        long end = System.nanoTime() + CONNECT.toNanos();
        while (true) {
            ConnectivityState state = channel.getState(true);
            switch (state) {
                case READY -> {
                    return true;
                }
                case SHUTDOWN -> {
                    return false;
                }
                case TRANSIENT_FAILURE -> {
                    channel.resetConnectBackoff();
                    return false;
                }
                case IDLE, CONNECTING -> {
                    CountDownLatch changed = new CountDownLatch(1);
                    channel.notifyWhenStateChanged(state, changed::countDown);
                    if (!awaitUninterruptibly(changed, end)) {
                        return false;
                    }
                }
            }
        }
    }

    private static boolean awaitUninterruptibly(CountDownLatch latch, long end) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return latch.await(end - System.nanoTime(), TimeUnit.NANOSECONDS);
                } catch (InterruptedException _) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static void pause() {
        CountDownLatch never = new CountDownLatch(1);
        awaitUninterruptibly(never, System.nanoTime() + ROUND.toNanos());
    }

    /** A channel for a stream; whoever finds it broken calls {@link #advance}. */
    Channel channel(int member) {
        requireOpen();
        return channels.get(member);
    }

    int current() {
        return current.get();
    }

    /** The member failed: the next one is asked, unless somebody else has already moved on. */
    void advance(int failed) {
        current.compareAndSet(failed, (failed + 1) % channels.size());
    }

    boolean isClosed() {
        return closed;
    }

    private void requireOpen() {
        if (closed) {
            throw new StoreException("the store is closed");
        }
    }

    @Override
    public void close() {
        closed = true;
        channels.forEach(ManagedChannel::shutdownNow);
    }
}
