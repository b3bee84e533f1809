package io.hypernetes.runtime.image;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;

/**
 * One image's conversation with its registry (OCI distribution specification 1.1, pull). Redirects
 * are followed by hand so that credentials go to the registry alone. Belongs to one thread.
 */
final class Registry {

    private static final int ATTEMPTS = 4;
    private static final int MAX_REDIRECTS = 5;
    private static final Duration ANSWER = Duration.ofSeconds(30);

    private final HttpClient http;
    private final ImageName image;
    private final boolean plain;
    private final URI base;
    private final RegistryToken token;
    private String authorization = "";

    Registry(
            HttpClient http,
            RegistrySettings settings,
            ImageName image,
            RegistryCredentials credentials) {
        this.http = http;
        this.image = image;
        this.plain = settings.plain(image.registry());
        String host =
                image.registry().equals("docker.io") ? "registry-1.docker.io" : image.registry();
        this.base =
                URI.create(
                        (plain ? "http://" : "https://")
                                + host
                                + "/v2/"
                                + image.repository()
                                + "/");
        this.token = new RegistryToken(http, credentials, plain);
    }

    static HttpClient client() {
        return HttpClient.newBuilder()
                .connectTimeout(Duration.ofSeconds(15))
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
    }

    /** A manifest or index, by tag or digest. */
    byte[] manifest(String reference, int limit) throws InterruptedException {
        return retry(() -> {
            HttpResponse<InputStream> response =
                    get(base.resolve("manifests/" + reference), Manifest.ACCEPT);
            try (InputStream in = response.body()) {
                byte[] body = in.readNBytes(limit + 1);
                if (body.length > limit) {
                    throw Flattener.tooLarge("its manifest");
                }
                return body;
            }
        });
    }

    /** A small blob. */
    byte[] document(Descriptor descriptor, int limit) throws InterruptedException {
        if (descriptor.size() > limit) {
            throw Flattener.tooLarge("its configuration");
        }
        return retry(() -> {
            HttpResponse<InputStream> response = get(blob(descriptor), "*/*");
            try (InputStream in = response.body()) {
                byte[] body = in.readNBytes((int) descriptor.size() + 1);
                requireSize(descriptor, body.length);
                MessageDigest hasher = descriptor.digest().hasher();
                hasher.update(body);
                descriptor.digest().verify(hasher, "the configuration");
                return body;
            }
        });
    }

    /** A blob into a new file, verified. */
    void download(Descriptor descriptor, Path file) throws InterruptedException {
        retry(() -> {
            HttpResponse<InputStream> response = get(blob(descriptor), "*/*");
            try (InputStream in = response.body();
                    StallGuard guard = new StallGuard(in);
                    OutputStream out = Files.newOutputStream(file)) {
                MessageDigest hasher = descriptor.digest().hasher();
                byte[] buffer = new byte[1 << 16];
                long count = 0;
                for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                    guard.progress();
                    count += n;
                    if (count > descriptor.size()) {
                        requireSize(descriptor, count);
                    }
                    hasher.update(buffer, 0, n);
                    out.write(buffer, 0, n);
                }
                if (count < descriptor.size()) {
                    throw new IOException("the connection ended early");
                }
                descriptor.digest().verify(hasher, "a layer");
            }
            return file;
        });
    }

    private URI blob(Descriptor descriptor) {
        return base.resolve("blobs/" + descriptor.digest());
    }

    private static void requireSize(Descriptor descriptor, long actual) {
        if (actual != descriptor.size()) {
            throw ImageException.invalid(
                    descriptor.digest() + " is not of the size that the manifest says");
        }
    }

    private HttpResponse<InputStream> get(URI uri, String accept)
            throws IOException, InterruptedException {
        HttpResponse<InputStream> response = send(uri, accept, authorization);
        if (response.statusCode() == 401) {
            response.body().close();
            String challenge = response.headers().firstValue("WWW-Authenticate").orElse("");
            authorization = token.answer(challenge, image);
            response = send(uri, accept, authorization);
        }
        for (int i = 0; i < MAX_REDIRECTS && response.statusCode() / 100 == 3; i++) {
            response.body().close();
            uri = redirected(uri, response);
            boolean same = base.getAuthority().equals(uri.getAuthority());
            response = send(uri, accept, same ? authorization : "");
        }
        if (response.statusCode() != 200) {
            response.body().close();
            throw failure(response.statusCode());
        }
        return response;
    }

    private URI redirected(URI from, HttpResponse<?> response) {
        URI to = from.resolve(response.headers().firstValue("Location").orElse(""));
        if (!"https".equals(to.getScheme()) && !(plain && "http".equals(to.getScheme()))) {
            throw ImageException.invalid(
                    "the registry " + image.registry() + " redirects to an unsafe address");
        }
        return to;
    }

    private HttpResponse<InputStream> send(URI uri, String accept, String authorization)
            throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(uri).timeout(ANSWER).header("Accept", accept);
        if (!authorization.isEmpty()) {
            request.header("Authorization", authorization);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    }

    private RuntimeException failure(int status) {
        return switch (status) {
            case 404 ->
                    new ImageException(
                            ImageException.Reason.NOT_FOUND,
                            "image " + image + " not found in " + image.registry());
            case 401, 403 ->
                    new ImageException(
                            ImageException.Reason.UNAUTHORIZED,
                            "pull of "
                                    + image
                                    + " denied: it does not exist, or needs other credentials");
            default ->
                    new ImageException(
                            status == 429 || status >= 500
                                    ? ImageException.Reason.UNAVAILABLE
                                    : ImageException.Reason.INVALID,
                            image.registry() + " answered " + status + " for " + image);
        };
    }

    private interface Try<T> {
        T get() throws IOException, InterruptedException;
    }

    private <T> T retry(Try<T> action) throws InterruptedException {
        for (int attempt = 1; ; attempt++) {
            ImageException failure;
            try {
                return action.get();
            } catch (ImageException e) {
                if (e.reason() != ImageException.Reason.UNAVAILABLE) {
                    throw e;
                }
                failure = e;
            } catch (IOException e) {
                failure =
                        new ImageException(
                                ImageException.Reason.UNAVAILABLE,
                                "pull of "
                                        + image
                                        + " failed: "
                                        + image.registry()
                                        + ": "
                                        + (e.getMessage() == null ? e.toString() : e.getMessage()),
                                e);
            }
            if (attempt == ATTEMPTS) {
                throw failure;
            }
            Thread.sleep(Duration.ofMillis(200L << (2 * attempt)));
        }
    }
}
