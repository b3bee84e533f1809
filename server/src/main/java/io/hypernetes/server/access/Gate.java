package io.hypernetes.server.access;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.access.Credentials;
import io.hypernetes.api.access.Identity;
import io.hypernetes.api.access.UserInfo;
import io.hypernetes.server.flow.Flow;
import io.hypernetes.server.flow.FlowSchemas;
import io.hypernetes.server.http.Exchange;
import io.hypernetes.server.http.Pace;
import io.hypernetes.server.http.Query;
import io.hypernetes.server.http.RawSession;
import io.hypernetes.server.http.SocketSession;
import io.hypernetes.server.registry.Reads;
import io.hypernetes.server.request.RequestInfo;
import io.hypernetes.server.request.Target;

import java.io.IOException;
import java.time.Duration;
import java.util.Set;

/**
 * What every request passes before anything is done for it: who, whose world, a seat, the right.
 * The body has not been looked at yet.
 */
public final class Gate {
    /** How often is asked whether who watches may still do so. */
    private static final Duration CHECKED = Duration.ofSeconds(2);

    private static final FairQueue.Seat NO_SEAT = () -> {};

    private static final Set<String> LONG_SUBRESOURCES =
            Set.of("log", "exec", "attach", "portforward", "proxy");

    /** What a machine reads of all tenants at once. */
    private static final Set<String> OF_ALL =
            Set.of(
                    "pods",
                    "namespaces",
                    "services",
                    "endpointslices",
                    "networkpolicies",
                    "networks");

    /** The issuer of tokens may be looked up by whom a binding allows to. */
    private static final Set<String> PUBLIC =
            Set.of(
                    "/healthz",
                    "/livez",
                    "/readyz",
                    "/version",
                    "/.well-known/openid-configuration",
                    "/openid/v1/jwks");

    private final Authentication authentication;
    private final Impersonation impersonation;
    private final Worlds worlds;
    private final Access access;
    private final FlowWitness flow;
    private final ApiBudgets budgets;
    private final FlowSchemas schemas;
    private final FairQueue seats;
    private final FairQueue lists;
    private final FairQueue largeBodies;
    private final FairQueue longSeats;
    private final ProcessorTurns turns;
    private final Duration patience;

    public Gate(
            Authentication authentication,
            Access access,
            Reads reads,
            FlowWitness flow,
            FlowLimits limits) {
        this.seats = new FairQueue(limits.shortRequests());
        this.lists = new FairQueue(limits.lists());
        this.largeBodies = new FairQueue(limits.largeBodies());
        this.longSeats = new FairQueue(limits.lasting());
        this.patience = limits.patience();
        this.turns = new ProcessorTurns(Runtime.getRuntime().availableProcessors());
        this.authentication = authentication;
        this.worlds = new Worlds(reads);
        this.budgets = new ApiBudgets(reads, System::nanoTime, limits.largeBytesPerSecond());
        this.access = access;
        this.impersonation = new Impersonation(access);
        this.schemas = new FlowSchemas(reads);
        this.flow = flow;
    }

    /** Is told who asks for what, before it is decided whether they may. */
    @FunctionalInterface
    public interface Witness {
        /**
         * @param lasting a watch or a session
         * @return the exchange to answer from now on
         */
        Exchange known(Session session, RequestInfo info, boolean lasting);
    }

    /** What is done for an admitted request. */
    @FunctionalInterface
    public interface Admitted {
        void serve(Exchange exchange, Session session, RequestInfo info)
                throws IOException, InterruptedException;
    }

    /** Throws Unauthorized, Forbidden, TooManyRequests; else runs {@code then}. */
    public void pass(Exchange exchange, Witness witness, Admitted then)
            throws IOException, InterruptedException {
        Credentials credentials = Authentication.credentials(exchange);
        Identity identity = authentication.identify(credentials);
        Target target = Target.parse(exchange.path());
        Session entered = impersonation.apply(exchange, worlds.enter(target.world(), identity));
        RequestInfo info = RequestInfo.of(exchange.method(), target, exchange.query());
        Session session = entered.checkedBy(() -> check(credentials, target, entered, info));
        boolean lasting = isLong(info, exchange.query());
        Exchange known = witness.known(session, info, lasting);
        long bytes = bodyBytes(exchange);
        boolean large = exchange.announcedLength() >= FlowLimits.LARGE_BODY && !lasting;
        Flow its = classify(exchange, session, info, lasting);
        spend(session);
        try (FairQueue.Seat _ = large ? takeLarge(session, bytes) : NO_SEAT;
                FairQueue.Seat _ = take(lasting ? longSeats : seats, session, its, bytes)) {
            authorize(session, info);
            atPace(
                    turns.of(session, bytes, received -> charge(session, received)),
                    () -> admit(known, session, info, lasting, then));
        }
    }

    /** The client is told which flow schema and level its request fell under, as upstream. */
    private Flow classify(Exchange exchange, Session session, RequestInfo info, boolean lasting) {
        if (session.world().isEmpty() || (lasting && !info.verb().equals("watch"))) {
            return Flow.ONLY;
        }
        Flow found = schemas.of(session.world().get(), session.user(), info);
        if (found.isClassified()) {
            exchange.announce("X-Kubernetes-PF-FlowSchema-UID", found.schema());
            exchange.announce("X-Kubernetes-PF-PriorityLevel-UID", found.level().uid());
        }
        return lasting ? Flow.ONLY : found;
    }

    private void admit(
            Exchange exchange, Session session, RequestInfo info, boolean lasting, Admitted then)
            throws IOException, InterruptedException {
        if (lasting) {
            Thread self = Thread.currentThread();
            try (Vigil _ = Vigil.over(CHECKED, session.check(), self::interrupt)) {
                then.serve(exchange, session, info);
            }
        } else if (isWhole(info, exchange.query())) {
            try (FairQueue.Seat _ = take(lists, session, 0)) {
                then.serve(exchange, session, info);
            }
        } else {
            then.serve(exchange, session, info);
        }
    }

    private interface Work {
        void run() throws IOException, InterruptedException;
    }

    private static void atPace(Pace pace, Work work) throws IOException, InterruptedException {
        try {
            ScopedValue.where(Pace.CURRENT, pace)
                    .call(() -> {
                        work.run();
                        return true;
                    });
        } catch (IOException | InterruptedException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Of lists of everything a few at once hold enough memory and slow readers' time. */
    private static boolean isWhole(RequestInfo info, Query query) {
        return info.verb().equals("list") && !query.has("limit");
    }

    private void authorize(Session session, RequestInfo info) {
        if (!isOwnBusiness(info)) {
            requireName(session, info);
            requireOperator(session, info);
            access.require(Access.attributes(session, info));
        }
    }

    /**
     * Credentials may be revoked, members leave, rights be taken away: throws what the request
     * would be refused with if it came now. Whom somebody may impersonate is not asked again.
     */
    private void check(Credentials credentials, Target target, Session then, RequestInfo info) {
        Session now = worlds.enter(target.world(), authentication.identify(credentials));
        boolean impersonates = then.impersonator().isPresent();
        UserInfo user = then.impersonator().orElse(then.user());
        if (!now.world().equals(then.world()) || !now.user().name().equals(user.name())) {
            throw Authentication.unauthorized();
        }
        authorize(impersonates ? then : now, info);
    }

    private void spend(Session session) {
        try {
            budgets.spend(session);
        } catch (ApiException e) {
            flow.rejected(session, "api-budget");
            throw e;
        }
    }

    private FairQueue.Seat takeLarge(Session session, long bytes) throws InterruptedException {
        FairQueue.Seat seat = take(largeBodies, session, 0);
        try {
            budgets.awaitLarge(session, bytes, patience);
            return seat;
        } catch (ApiException e) {
            seat.close();
            flow.rejected(session, "large-bodies");
            throw e;
        } catch (InterruptedException e) {
            seat.close();
            throw e;
        }
    }

    private void charge(Session session, long received) {
        if (received >= FlowLimits.LARGE_BODY) {
            budgets.chargeLarge(session, received);
        }
    }

    private FairQueue.Seat take(FairQueue queue, Session session, long bytes)
            throws InterruptedException {
        return take(queue, session, Flow.ONLY, bytes);
    }

    private FairQueue.Seat take(FairQueue queue, Session session, Flow its, long bytes)
            throws InterruptedException {
        long begin = System.nanoTime();
        try {
            FairQueue.Seat seat = queue.take(owner(session), its, bytes);
            flow.waited(session, System.nanoTime() - begin);
            return seat;
        } catch (FairQueue.Refused e) {
            flow.rejected(session, e.refusal().toString());
            throw e.status();
        }
    }

    /** Known before the body is read; 0 for methods that have none to speak of. */
    private static long bodyBytes(Exchange exchange) {
        return switch (exchange.method()) {
            case "POST", "PUT", "PATCH" ->
                    exchange.announcedLength() >= 0
                            ? Math.min(exchange.announcedLength(), exchange.limits().bodyBytes())
                            : exchange.limits().bodyBytes();
            default -> 0;
        };
    }

    /** Short requests that are worked on, of a class of tenants. */
    public int seated(String tenantClass) {
        return seats.load(tenantClass).seated();
    }

    /** Short requests that wait for a seat. */
    public int waiting(String tenantClass) {
        return seats.load(tenantClass).waiting();
    }

    /** Bytes that the bodies of requests under way may have. */
    public long bodyBytes(String tenantClass) {
        return seats.load(tenantClass).bodyBytes();
    }

    /** Watches and sessions that are open. */
    public int lasting(String tenantClass) {
        return longSeats.load(tenantClass).seated();
    }

    /**
     * A WebSocket's session outlives its request, and with it the request's seat: it keeps one of
     * its own until it ends. One that finds none is closed.
     */
    public SocketSession seated(Session session, SocketSession body) {
        return socket -> {
            try (FairQueue.Seat _ = take(longSeats, session, 0);
                    Vigil _ = Vigil.over(CHECKED, session.check(), socket::close)) {
                body.run(socket);
            } catch (ApiException e) {
                throw new IOException(e.getMessage(), e);
            }
        };
    }

    /** The same for a connection that changed to another protocol. */
    public RawSession seatedRaw(Session session, RawSession body) {
        return connection -> {
            try (FairQueue.Seat _ = take(longSeats, session, 0);
                    Vigil _ = Vigil.over(CHECKED, session.check(), connection::close)) {
                body.run(connection);
            } catch (ApiException e) {
                throw new IOException(e.getMessage(), e);
            }
        };
    }

    /** A right beyond the one that the request's own verb needs. Throws Forbidden. */
    public void require(Session session, RequestInfo info) {
        access.require(Access.attributes(session, info));
    }

    /** Whose seats; empty for requests over all tenants. */
    private static String owner(Session session) {
        return session.world().map(Tenant::name).orElse("");
    }

    private static boolean isLong(RequestInfo info, Query query) {
        return info.verb().equals("watch")
                || (LONG_SUBRESOURCES.contains(info.subresource())
                        && (!info.subresource().equals("log") || query.flag("follow")));
    }

    /** Whatever bindings say, strangers see no more than health and version. */
    private static void requireName(Session session, RequestInfo info) {
        if (session.isAnonymous()
                && (info.isResource() || PUBLIC.stream().noneMatch(info.path()::startsWith))) {
            throw Access.attributes(session, info).forbidden("");
        }
    }

    /**
     * Over all tenants at once a machine reads what its networks are made of, whatever rights the
     * operator's world gives it.
     */
    private static void requireOperator(Session session, RequestInfo info) {
        if (session.world().isEmpty()
                && !session.identity().operator()
                && !(OF_ALL.contains(info.resource())
                        && info.subresource().isEmpty()
                        && Set.of("list", "watch").contains(info.verb()))) {
            throw Access.attributes(session, info).forbidden("only an operator may");
        }
    }

    /** To log in needs no right but the password. */
    private static boolean isOwnBusiness(RequestInfo info) {
        return !info.isResource() && info.path().equals("/login");
    }
}
