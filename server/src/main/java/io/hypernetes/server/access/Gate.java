package io.hypernetes.server.access;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.access.Identity;
import io.hypernetes.server.http.Exchange;
import io.hypernetes.server.http.Query;
import io.hypernetes.server.http.RawSession;
import io.hypernetes.server.http.SocketSession;
import io.hypernetes.server.registry.Reads;
import io.hypernetes.server.request.RequestInfo;
import io.hypernetes.server.request.Target;

import java.io.IOException;
import java.util.Set;

/**
 * What every request passes before anything is done for it: who, whose world, a seat, the right.
 * The body has not been looked at yet.
 */
public final class Gate {
    /** Short requests of one tenant under way at once. */
    private static final int SEATS = 200;

    /** Watches, followed logs and sessions of one tenant open at once. */
    private static final int LONG_SEATS = 2000;

    private static final Set<String> LONG_SUBRESOURCES =
            Set.of("log", "exec", "attach", "portforward", "proxy");

    private final Authentication authentication;
    private final Worlds worlds;
    private final Access access;
    private final Seats seats;
    private final Seats longSeats;

    public Gate(Authentication authentication, Access access, Reads reads) {
        this(authentication, access, reads, SEATS, LONG_SEATS);
    }

    Gate(Authentication authentication, Access access, Reads reads, int seats, int longSeats) {
        this.seats = new Seats(seats);
        this.longSeats = new Seats(longSeats);
        this.authentication = authentication;
        this.worlds = new Worlds(reads);
        this.access = access;
    }

    /** What is done for an admitted request. */
    @FunctionalInterface
    public interface Admitted {
        void serve(Session session, RequestInfo info) throws IOException, InterruptedException;
    }

    /** Throws Unauthorized, Forbidden, TooManyRequests; else runs {@code then}. */
    public void pass(Exchange exchange, Admitted then) throws IOException, InterruptedException {
        Identity identity = authentication.authenticate(exchange);
        Target target = Target.parse(exchange.path());
        Session session = worlds.enter(target.world(), identity);
        RequestInfo info = RequestInfo.of(exchange.method(), target, exchange.query());
        Seats kind = isLong(info, exchange.query()) ? longSeats : seats;
        try (Seats.Seat _ = kind.take(owner(session))) {
            if (!isOwnBusiness(info)) {
                access.require(Access.attributes(session, info));
            }
            then.serve(session, info);
        }
    }

    /**
     * A WebSocket's session outlives its request, and with it the request's seat: it keeps one of
     * its own until it ends. One that finds none is closed.
     */
    public SocketSession seated(Session session, SocketSession body) {
        return socket -> {
            try (Seats.Seat _ = longSeats.take(owner(session))) {
                body.run(socket);
            } catch (ApiException e) {
                throw new IOException(e.getMessage(), e);
            }
        };
    }

    /** The same for a connection that changed to another protocol. */
    public RawSession seatedRaw(Session session, RawSession body) {
        return connection -> {
            try (Seats.Seat _ = longSeats.take(owner(session))) {
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

    /** To log in needs no right but the password. */
    private static boolean isOwnBusiness(RequestInfo info) {
        return !info.isResource() && info.path().equals("/login");
    }
}
