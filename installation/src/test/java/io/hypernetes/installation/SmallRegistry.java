package io.hypernetes.installation;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** A registry with one image, {@code app:v1}, which alice gets with the password secret (Basic). */
final class SmallRegistry implements AutoCloseable {

    private static final String ALLOWED =
            "Basic "
                    + Base64.getEncoder()
                            .encodeToString("alice:secret".getBytes(StandardCharsets.UTF_8));
    private static final int BLOCK = 512;
    private static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";
    private static final String BLOB = "application/octet-stream";

    private final HttpServer server;
    private final Map<String, byte[]> blobs = new HashMap<>();
    private String manifest = "";

    /**
     * @param layout an OCI layout as a tar file
     */
    SmallRegistry(Path layout) throws IOException {
        read(Files.readAllBytes(layout));
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v2/", this::serve);
        server.start();
    }

    String address() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    private void read(byte[] tar) {
        for (int at = 0; at + BLOCK <= tar.length && tar[at] != 0; ) {
            String name = text(tar, at, 100);
            int size = Integer.parseInt(text(tar, at + 124, 12).strip(), 8);
            byte[] content = Arrays.copyOfRange(tar, at + BLOCK, at + BLOCK + size);
            if (name.contains("blobs/sha256/")) {
                blobs.put("sha256:" + name.substring(name.lastIndexOf('/') + 1), content);
            } else if (name.endsWith("index.json")) {
                JsonNode index = JsonMapper.shared().readTree(content);
                manifest = index.path("manifests").path(0).path("digest").asString("");
            }
            at += BLOCK + Math.ceilDiv(size, BLOCK) * BLOCK;
        }
    }

    private static String text(byte[] tar, int at, int length) {
        String field = new String(tar, at, length, StandardCharsets.US_ASCII);
        int end = field.indexOf('\0');
        return end < 0 ? field : field.substring(0, end);
    }

    private void serve(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String last = path.substring(path.lastIndexOf('/') + 1);
        String digest = last.equals("v1") ? manifest : last;
        Optional<byte[]> body = Optional.ofNullable(blobs.get(digest));
        if (!ALLOWED.equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
            exchange.getResponseHeaders().add("WWW-Authenticate", "Basic realm=\"small\"");
            exchange.sendResponseHeaders(401, -1);
        } else if (body.isEmpty()) {
            exchange.sendResponseHeaders(404, -1);
        } else {
            exchange.getResponseHeaders().add("Docker-Content-Digest", digest);
            exchange.getResponseHeaders()
                    .add("Content-Type", digest.equals(manifest) ? MANIFEST : BLOB);
            if (exchange.getRequestMethod().equals("HEAD")) {
                String length = Integer.toString(body.get().length);
                exchange.getResponseHeaders().add("Content-Length", length);
                exchange.sendResponseHeaders(200, -1);
            } else {
                exchange.sendResponseHeaders(200, body.get().length);
                exchange.getResponseBody().write(body.get());
            }
        }
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
