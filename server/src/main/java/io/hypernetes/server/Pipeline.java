package io.hypernetes.server;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.Status;
import io.hypernetes.api.Status.Reason;
import io.hypernetes.server.access.Gate;
import io.hypernetes.server.access.Router;
import io.hypernetes.server.access.Session;
import io.hypernetes.server.http.Exchange;
import io.hypernetes.server.http.Handler;
import io.hypernetes.server.http.Reply;
import io.hypernetes.server.observe.Observation;
import io.hypernetes.server.observe.Observer;
import io.hypernetes.server.output.Answers;
import io.hypernetes.server.output.Statuses;
import io.hypernetes.server.request.Format;
import io.hypernetes.server.request.RequestInfo;
import io.hypernetes.server.resource.ResourceHandler;
import io.hypernetes.store.StoreException;
import io.hypernetes.store.UnknownOutcomeException;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * The way of every request: gate, then the part of the server that answers its path. Whatever goes
 * wrong becomes a Status.
 */
final class Pipeline implements Handler {
    private static final Logger LOG = LoggerFactory.getLogger(Pipeline.class);

    private final Gate gate;
    private final List<Router> routers;
    private final ResourceHandler resources;
    private final Observer observer;

    Pipeline(Gate gate, List<Router> routers, ResourceHandler resources, Observer observer) {
        this.observer = observer;
        this.gate = gate;
        this.routers = List.copyOf(routers);
        this.resources = resources;
    }

    @Override
    public void handle(Exchange exchange) throws IOException, InterruptedException {
        Observation observation = observer.begin(exchange);
        Optional<Throwable> failure = Optional.empty();
        try {
            serve(exchange, observation);
        } catch (IOException | InterruptedException | RuntimeException | Error e) {
            failure = Optional.of(e);
            throw e;
        } finally {
            observation.end(failure);
        }
    }

    private void serve(Exchange exchange, Observation observation)
            throws IOException, InterruptedException {
        try {
            gate.pass(exchange, observation, this::route);
        } catch (ApiException e) {
            refuse(observation.exchange(), e.status());
        } catch (UnknownOutcomeException e) {
            LOG.warn("{} {}: {}", exchange.method(), exchange.path(), e.getMessage());
            refuse(
                    observation.exchange(),
                    Status.of(
                            Reason.TIMEOUT,
                            "the store did not answer in time: the request may or may not have been"
                                    + " completed"));
        } catch (StoreException e) {
            LOG.warn("{} {}: {}", exchange.method(), exchange.path(), e.getMessage());
            refuse(
                    observation.exchange(),
                    Status.of(
                            Reason.SERVICE_UNAVAILABLE,
                            "the store cannot serve this request now; try again"));
        } catch (RuntimeException e) {
            LOG.error("{} {} failed", exchange.method(), exchange.path(), e);
            refuse(
                    observation.exchange(),
                    Status.of(
                            Reason.INTERNAL_ERROR,
                            "Internal error occurred: " + e.getClass().getSimpleName()));
        }
    }

    private void route(Exchange exchange, Session session, RequestInfo info)
            throws IOException, InterruptedException {
        for (Router router : routers) {
            if (router.handle(exchange, session, info)) {
                return;
            }
        }
        if (!info.isResource()) {
            ResourceHandler.refuseNotServed(exchange, info.path());
            return;
        }
        resources.handle(exchange, session, info);
    }

    private static void refuse(Exchange exchange, Status status) throws IOException {
        if (exchange.isAnswered()) {
            // Half an answer is out: cutting the connection is all that tells the client.
            throw new IOException(status.message());
        }
        Reply reply =
                new Answers(Format.ofErrors(exchange.headers("Accept")), "", false)
                        .tree(status.code(), Statuses.failure(status));
        if (status.reason() == Reason.UNAUTHORIZED) {
            reply = reply.with("WWW-Authenticate", "Basic realm=\"hypernetes\", charset=\"UTF-8\"");
        }
        int retryAfter = status.details().map(Status.Details::retryAfterSeconds).orElse(0);
        exchange.reply(
                retryAfter > 0 ? reply.with("Retry-After", Integer.toString(retryAfter)) : reply);
    }
}
