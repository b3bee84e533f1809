package io.hypernetes.identity.remote;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;

/**
 * HTTP calls that end: the whole exchange, the body too, has one limit of time; bodies have one of
 * size; so many calls at once and no more. After a failure all calls fail at once for a second, so
 * that a server that hangs does not make every request of ours hang.
 *
 * <p>Redirects are not followed: they would carry secrets elsewhere.
 */
public final class BoundedHttp implements AutoCloseable {

    /** A whole answer. */
    public record Answer(int status, HttpHeaders headers, byte[] body) {}

    private static final Logger LOG = LoggerFactory.getLogger(BoundedHttp.class);
    private static final int AT_ONCE = 32;
    private static final long LONGEST_BODY = 1L << 20;
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final String name;
    private final Duration patience;
    private final long longestBody;
    private final HttpClient http;
    private final Semaphore places = new Semaphore(AT_ONCE, true);
    private volatile long closedUntil = System.nanoTime();

    /**
     * @param name what is asked, for messages
     * @param patience for one call
     */
    public BoundedHttp(String name, SSLContext tls, Duration patience) {
        this(name, tls, patience, LONGEST_BODY);
    }

    /** The same, for answers that may be longer or must be shorter than 1 MiB. */
    public BoundedHttp(String name, SSLContext tls, Duration patience, long longestBody) {
        this.name = name;
        this.patience = patience;
        this.longestBody = longestBody;
        this.http =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .sslContext(tls)
                        .connectTimeout(patience)
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .build();
    }

    /** Throws {@link UnreachableException}; a 5xx or 429 is one too. */
    public Answer send(HttpRequest request) {
        if (closedUntil - System.nanoTime() > 0) {
            throw new UnreachableException(name + " could not be reached a moment ago");
        }
        boolean placed = false;
        try {
            placed = places.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS);
            if (!placed) {
                throw new UnreachableException(name + " has too many questions to answer");
            }
            Answer answer = exchange(request);
            if (answer.status() >= 500 || answer.status() == 429) {
                throw failed("answers " + answer.status(), null);
            }
            return answer;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnreachableException("interrupted while asking " + name, e);
        } finally {
            if (placed) {
                places.release();
            }
        }
    }

    private Answer exchange(HttpRequest request) throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        try {
            return once(request, end);
        } catch (TimeoutException e) {
            throw failed("does not answer within " + patience.toMillis() + " ms", e);
        } catch (ExecutionException e) {
            return again(request, end, e);
        }
    }

    /** A connection that was kept may have been closed over there in the same instant. */
    private Answer again(HttpRequest request, long end, ExecutionException first)
            throws InterruptedException {
        try {
            return once(request, end);
        } catch (TimeoutException | ExecutionException e) {
            e.addSuppressed(first);
            throw failed(why(first.getCause()), e);
        }
    }

    private static String why(@Nullable Throwable cause) {
        return cause instanceof SSLException
                ? "shows a certificate that is not believed (is its signer in the CA file that is"
                        + " named for it, and does it name the host that is asked?): "
                        + cause.getMessage()
                : "cannot be reached: " + cause;
    }

    private Answer once(HttpRequest request, long end)
            throws InterruptedException, TimeoutException, ExecutionException {
        CompletableFuture<HttpResponse<byte[]>> future =
                http.sendAsync(
                        request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), longestBody));
        try {
            HttpResponse<byte[]> response =
                    future.get(end - System.nanoTime(), TimeUnit.NANOSECONDS);
            return new Answer(response.statusCode(), response.headers(), response.body());
        } finally {
            future.cancel(true);
        }
    }

    private UnreachableException failed(String what, @Nullable Exception cause) {
        closedUntil = System.nanoTime() + PAUSE.toNanos();
        LOG.warn("{} {}", name, what);
        return cause == null
                ? new UnreachableException(name + " " + what)
                : new UnreachableException(name + " " + what, cause);
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
