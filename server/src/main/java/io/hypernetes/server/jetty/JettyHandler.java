package io.hypernetes.server.jetty;

import io.hypernetes.server.http.Handler;
import io.hypernetes.server.http.HttpLimits;

import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.server.ServerWebSocketContainer;

import java.io.IOException;
import java.util.concurrent.RejectedExecutionException;

/** Hands Jetty's requests to the server's own handler and tells Jetty when they are done. */
final class JettyHandler extends org.eclipse.jetty.server.Handler.Abstract {
    private final Handler handler;
    private final ServerWebSocketContainer sockets;
    private final HttpLimits limits;

    JettyHandler(Handler handler, ServerWebSocketContainer sockets, HttpLimits limits) {
        super(InvocationType.BLOCKING);
        this.handler = handler;
        this.sockets = sockets;
        this.limits = limits;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        JettyExchange exchange = new JettyExchange(request, response, callback, sockets, limits);
        if (Thread.currentThread().isVirtual()) {
            serve(exchange);
        } else {
            // The first request of an HTTP/1.1 connection comes on a thread of the pool, which a
            // watch would keep.
            Thread.ofVirtual().name("request").start(() -> serve(exchange));
        }
        return true;
    }

    private void serve(JettyExchange exchange) {
        try {
            handler.handle(exchange);
            exchange.complete();
        } catch (IOException | RuntimeException e) {
            exchange.fail(e);
        } catch (InterruptedException e) {
            // Jetty interrupts its threads only when it stops.
            Thread.currentThread().interrupt();
            exchange.fail(new RejectedExecutionException("stopping"));
        }
    }
}
