package io.hypernetes.runtime.image;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;

/** A real registry (Debian's docker-registry) on loopback, and a pusher for it. */
public final class TestRegistry implements AutoCloseable {

    private final Process process;
    private final HttpClient http = HttpClient.newHttpClient();
    private final String address;

    private TestRegistry(Process process, String address) {
        this.process = process;
        this.address = address;
    }

    /** One that anybody may use. */
    public static TestRegistry start(Path folder) throws IOException, InterruptedException {
        return start(folder, "");
    }

    /** One that only alice may use, whose password is secret. */
    static TestRegistry startPrivate(Path folder) throws IOException, InterruptedException {
        Path users = folder.resolve("users");
        Files.writeString(
                users, "alice:$2y$05$abcdefghijklmnopqrstuuOQiyCxlgf/oeuTqixKmWdcYUh4Hjl0a\n");
        return start(folder, "auth: {htpasswd: {realm: test, path: " + users + "}}\n");
    }

    private static TestRegistry start(Path folder, String auth)
            throws IOException, InterruptedException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        Path config = folder.resolve("registry.yml");
        Files.writeString(
                config,
                """
                version: 0.1
                log: {level: error}
                storage: {filesystem: {rootdirectory: %s}}
                http: {addr: 127.0.0.1:%d}
                """
                                .formatted(folder.resolve("registry"), port)
                        + auth);
        Process process =
                new ProcessBuilder("docker-registry", "serve", config.toString())
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("registry.log").toFile())
                        .start();
        TestRegistry registry = new TestRegistry(process, "127.0.0.1:" + port);
        registry.awaitReady();
        return registry;
    }

    private void awaitReady() throws InterruptedException {
        while (process.isAlive()) {
            try {
                http.send(request(uri("")).build(), HttpResponse.BodyHandlers.discarding());
                return;
            } catch (IOException notYet) {
                Thread.sleep(20);
            }
        }
        throw new IllegalStateException("docker-registry ended");
    }

    public String address() {
        return address;
    }

    /** Pushes an image behind an index and gives the digest of the index. */
    public Digest push(String repository, String tag, String configMembers, byte[]... layers)
            throws IOException, InterruptedException {
        Map<String, byte[]> blobs = new TreeMap<>();
        byte[] manifest = manifest(blobs, configMembers, layers);
        for (byte[] blob : blobs.values()) {
            blob(repository, blob);
        }
        put(repository, Digest.of(manifest).toString(), manifest, OCI + "manifest.v1+json");
        byte[] index =
                """
                {"schemaVersion":2,"mediaType":"%sindex.v1+json","manifests":[
                 {"mediaType":"%smanifest.v1+json","digest":"%s","size":%d,
                  "platform":{"os":"linux","architecture":"amd64"}}]}\
                """
                        .formatted(OCI, OCI, Digest.of(manifest), manifest.length)
                        .getBytes(UTF_8);
        put(repository, tag, index, OCI + "index.v1+json");
        return Digest.of(index);
    }

    private static final String OCI = "application/vnd.oci.image.";

    /** Makes a manifest and adds the blobs it refers to; odd layers are compressed. */
    static byte[] manifest(Map<String, byte[]> blobs, String configMembers, byte[]... layers)
            throws IOException {
        List<String> descriptors = new ArrayList<>();
        List<String> diffIds = new ArrayList<>();
        for (int i = 0; i < layers.length; i++) {
            byte[] blob = i % 2 == 0 ? gzip(layers[i]) : layers[i];
            blobs.put(Digest.of(blob).hex(), blob);
            diffIds.add('"' + Digest.of(layers[i]).toString() + '"');
            descriptors.add(descriptor(OCI + "layer.v1.tar" + (i % 2 == 0 ? "+gzip" : ""), blob));
        }
        byte[] config =
                """
                {"os":"linux","architecture":"amd64","config":{%s},
                 "rootfs":{"type":"layers","diff_ids":[%s]}}\
                """
                        .formatted(configMembers, String.join(",", diffIds))
                        .getBytes(UTF_8);
        blobs.put(Digest.of(config).hex(), config);
        return """
        {"schemaVersion":2,"mediaType":"%smanifest.v1+json","config":%s,"layers":[%s]}\
        """
                .formatted(
                        OCI,
                        descriptor(OCI + "config.v1+json", config),
                        descriptors.stream().collect(Collectors.joining(",")))
                .getBytes(UTF_8);
    }

    private static String descriptor(String type, byte[] blob) {
        return "{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":%d}"
                .formatted(type, Digest.of(blob), blob.length);
    }

    private void blob(String repository, byte[] blob) throws IOException, InterruptedException {
        HttpResponse<Void> started =
                http.send(
                        request(uri(repository + "/blobs/uploads/"))
                                .POST(HttpRequest.BodyPublishers.noBody())
                                .build(),
                        HttpResponse.BodyHandlers.discarding());
        String location = started.headers().firstValue("Location").orElseThrow();
        String separator = location.indexOf('?') < 0 ? "?" : "&";
        URI uri = uri("").resolve(location + separator + "digest=" + Digest.of(blob));
        expect(
                201,
                http.send(
                        request(uri).PUT(HttpRequest.BodyPublishers.ofByteArray(blob)).build(),
                        HttpResponse.BodyHandlers.discarding()));
    }

    private void put(String repository, String reference, byte[] manifest, String type)
            throws IOException, InterruptedException {
        expect(
                201,
                http.send(
                        request(uri(repository + "/manifests/" + reference))
                                .header("Content-Type", type)
                                .PUT(HttpRequest.BodyPublishers.ofByteArray(manifest))
                                .build(),
                        HttpResponse.BodyHandlers.discarding()));
    }

    private static HttpRequest.Builder request(URI uri) {
        return HttpRequest.newBuilder(uri)
                .header(
                        "Authorization",
                        new RegistryCredentials.Password("alice", "secret").basic());
    }

    private static void expect(int status, HttpResponse<?> response) {
        if (response.statusCode() != status) {
            throw new IllegalStateException(response.uri() + " answered " + response.statusCode());
        }
    }

    private URI uri(String path) {
        return URI.create("http://" + address + "/v2/" + path);
    }

    static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        }
        return out.toByteArray();
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
