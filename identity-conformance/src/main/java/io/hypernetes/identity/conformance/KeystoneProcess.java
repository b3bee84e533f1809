package io.hypernetes.identity.conformance;

import io.hypernetes.api.json.Json;
import io.hypernetes.identity.pki.CertificateAuthority;
import io.hypernetes.identity.pki.KeyedCertificate;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A real Keystone on loopback (Debian's {@code keystone} under uWSGI, SQLite, fernet tokens), for
 * tests. Its administrator is {@code admin}, password {@link #PASSWORD}, project {@code admin}; the
 * roles {@code admin}, {@code member} and {@code reader} are there.
 */
public final class KeystoneProcess implements AutoCloseable {

    /** Of everybody here. */
    public static final String PASSWORD = "secret";

    private static final Duration PATIENCE = Duration.ofMinutes(8);

    /** What the first of a build has set up, for all others of it. */
    private static final Path PREPARED =
            Path.of(System.getProperty("hypernetes.root", ".."), "target", "keystone");

    private static final List<String> LASTING = List.of("keystone.db", "fernet", "credential");

    private final Path directory;
    private final int port;
    private final int securePort;
    private final CertificateAuthority authority = CertificateAuthority.inMemory(Clock.systemUTC());
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /** By name; whoever is looked up was there, and has no other id later. */
    private final Map<String, String> roles = new ConcurrentHashMap<>();

    private Process server;

    /** Of the administrator, while it is believed: empty before the first. */
    private volatile String adminToken = "";

    private KeystoneProcess(Path directory) throws IOException, InterruptedException {
        this.directory = directory;
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try (ServerSocket plain = new ServerSocket(0, 1, loopback);
                ServerSocket secure = new ServerSocket(0, 1, loopback)) {
            this.port = plain.getLocalPort();
            this.securePort = secure.getLocalPort();
        }
        KeyedCertificate own = authority.serverCertificate(List.of("127.0.0.1"));
        Files.writeString(directory.resolve("tls.crt"), own.certificatePem());
        Files.writeString(directory.resolve("tls.key"), own.keyPem());
        Files.writeString(directory.resolve("keystone.conf"), configuration());
        if (Files.isDirectory(PREPARED)) {
            copy(PREPARED, directory);
        } else {
            prepare();
            keep();
        }
        server = launch();
    }

    /** Returns when it answers; half a minute on a busy machine. */
    public static KeystoneProcess start(Path directory) throws IOException, InterruptedException {
        KeystoneProcess keystone = new KeystoneProcess(directory);
        try {
            keystone.awaitAnswer();
        } catch (IOException | InterruptedException e) {
            keystone.close();
            throw e;
        }
        return keystone;
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + port + "/v3");
    }

    /** The same by TLS, with a certificate that {@link #authority} signed. */
    public URI secureUrl() {
        return URI.create("https://127.0.0.1:" + securePort + "/v3");
    }

    /** PEM. */
    public String authority() {
        return authority.certificatePem();
    }

    /** SIGKILL for all its processes. */
    public void kill() throws InterruptedException {
        List<ProcessHandle> workers = server.descendants().toList();
        server.destroyForcibly().waitFor();
        workers.forEach(ProcessHandle::destroyForcibly);
    }

    /** After {@link #kill}, with all that it knew. */
    public void restart() throws IOException, InterruptedException {
        server = launch();
        awaitAnswer();
    }

    /** A call as the administrator; the answer is empty for one without a body. */
    public ObjectNode admin(String method, String path, Optional<ObjectNode> body)
            throws IOException, InterruptedException {
        if (adminToken.isEmpty()) {
            adminToken = token("admin", "admin"); // by a password, each takes Keystone a while
        }
        return call(method, path, body, adminToken);
    }

    /** A call with a token. */
    public ObjectNode call(String method, String path, Optional<ObjectNode> body, String token)
            throws IOException, InterruptedException {
        HttpResponse<byte[]> response =
                http.send(
                        HttpRequest.newBuilder(URI.create(url() + path))
                                .timeout(PATIENCE)
                                .header("X-Auth-Token", token)
                                .header("Content-Type", "application/json")
                                .method(
                                        method,
                                        body.map(tree ->
                                                        BodyPublishers.ofByteArray(
                                                                Json.write(tree)))
                                                .orElse(BodyPublishers.noBody()))
                                .build(),
                        BodyHandlers.ofByteArray());
        if (response.statusCode() >= 300) {
            throw new IOException(
                    method + " " + path + ": " + response.statusCode() + " " + text(response));
        }
        return response.body().length == 0 ? Json.object() : Json.parseObject(response.body());
    }

    private static String text(HttpResponse<byte[]> response) {
        return new String(response.body(), java.nio.charset.StandardCharsets.UTF_8);
    }

    /** Makes one thing, for instance a {@code project}, and returns its id. */
    public String create(String kind, String name, String... fields)
            throws IOException, InterruptedException {
        ObjectNode body = Json.object();
        ObjectNode thing = body.putObject(kind).put("name", name);
        for (int i = 0; i < fields.length; i += 2) {
            thing.put(fields[i], fields[i + 1]);
        }
        return admin("POST", "/" + kind + "s", Optional.of(body)).path(kind).path("id").asString();
    }

    /** A user of the default domain with {@link #PASSWORD}; the id. */
    public String user(String name, String... fields) throws IOException, InterruptedException {
        String[] all = new String[fields.length + 2];
        System.arraycopy(fields, 0, all, 0, fields.length);
        all[fields.length] = "password";
        all[fields.length + 1] = PASSWORD;
        return create("user", name, all);
    }

    /** Gives a user a role in a project, or takes it ({@code DELETE}). */
    public void role(String method, String user, String project, String role)
            throws IOException, InterruptedException {
        String path = "/projects/" + project + "/users/" + user + "/roles/" + roleId(role);
        admin(method, path, Optional.empty());
    }

    public String roleId(String role) throws IOException, InterruptedException {
        String id = roles.get(role);
        if (id == null) {
            JsonNode found = admin("GET", "/roles?name=" + role, Optional.empty()).path("roles");
            id = found.path(0).path("id").asString();
            roles.put(role, id);
        }
        return id;
    }

    /** A token of a user of the default domain for a project there. */
    public String token(String user, String project) throws IOException, InterruptedException {
        ObjectNode scope = Json.object();
        scope.putObject("project").put("name", project).putObject("domain").put("id", "default");
        return token(user, Optional.of(scope));
    }

    /** A token for a scope, or for none at all. */
    public String token(String user, Optional<ObjectNode> scope)
            throws IOException, InterruptedException {
        ObjectNode body = Json.object();
        ObjectNode auth = body.putObject("auth");
        ObjectNode identity = auth.putObject("identity");
        identity.putArray("methods").add("password");
        identity.putObject("password")
                .putObject("user")
                .put("name", user)
                .put("password", PASSWORD)
                .putObject("domain")
                .put("id", "default");
        scope.ifPresentOrElse(tree -> auth.set("scope", tree), () -> auth.put("scope", "unscoped"));
        HttpResponse<byte[]> response =
                http.send(
                        HttpRequest.newBuilder(URI.create(url() + "/auth/tokens"))
                                .timeout(PATIENCE)
                                .header("Content-Type", "application/json")
                                .POST(BodyPublishers.ofByteArray(Json.write(body)))
                                .build(),
                        BodyHandlers.ofByteArray());
        return response.headers()
                .firstValue("X-Subject-Token")
                .orElseThrow(() ->
                        new IOException("no token: " + response.statusCode() + text(response)));
    }

    /** Takes a token back, as who has it may. */
    public void revoke(String token) throws IOException, InterruptedException {
        http.send(
                HttpRequest.newBuilder(URI.create(url() + "/auth/tokens"))
                        .timeout(PATIENCE)
                        .header("X-Auth-Token", token)
                        .header("X-Subject-Token", token)
                        .DELETE()
                        .build(),
                BodyHandlers.discarding());
    }

    /**
     * With the cache that every Keystone in service has: without it, a request costs it half a
     * second of a processor. It is the one process' own, so what is taken back is felt at once.
     */
    private String configuration() {
        return """
        [DEFAULT]
        log_file = %1$s/keystone.log
        [database]
        connection = sqlite:///%1$s/keystone.db?timeout=60
        [token]
        provider = fernet
        [fernet_tokens]
        key_repository = %1$s/fernet
        [fernet_receipts]
        key_repository = %1$s/fernet
        [credential]
        key_repository = %1$s/credential
        [cache]
        enabled = true
        backend = oslo_cache.dict
        [identity]
        password_hash_algorithm = bcrypt
        password_hash_rounds = 4
        """
                .formatted(directory);
    }

    /** The schema and the administrator: half a minute of a busy machine. */
    private void prepare() throws IOException, InterruptedException {
        key("fernet/0");
        key("fernet/1");
        key("credential/0");
        manage("db_sync");
        writeAhead();
        manage(
                "bootstrap",
                "--bootstrap-password=" + PASSWORD,
                "--bootstrap-username=admin",
                "--bootstrap-project-name=admin",
                "--bootstrap-role-name=admin",
                "--bootstrap-public-url=" + url());
    }

    /** Several processes may do so at once: one of them wins. */
    private void keep() throws IOException {
        Files.createDirectories(PREPARED.getParent());
        Path draft = Files.createTempDirectory(PREPARED.getParent(), "keystone-draft");
        copy(directory, draft);
        try {
            Files.move(draft, PREPARED, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException _) {
            for (Path file : tree(draft).reversed()) {
                Files.delete(file);
            }
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        for (String name : LASTING) {
            for (Path file : tree(from.resolve(name))) {
                Files.copy(file, to.resolve(from.relativize(file)));
            }
        }
    }

    private static List<Path> tree(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return files.toList();
        }
    }

    /** What {@code fernet_setup} and {@code credential_setup} would make, sooner. */
    private void key(String file) throws IOException {
        byte[] random = new byte[32];
        new SecureRandom().nextBytes(random);
        Path path = directory.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, Base64.getUrlEncoder().encodeToString(random));
    }

    /** Else one worker's open read stops another's commit: "database is locked". */
    private void writeAhead() throws IOException, InterruptedException {
        run(
                List.of(
                        "/usr/bin/python3",
                        "-c",
                        "import sqlite3; sqlite3.connect('keystone.db').execute('PRAGMA"
                                + " journal_mode=WAL')"));
    }

    private void manage(String... arguments) throws IOException, InterruptedException {
        List<String> command = new java.util.ArrayList<>();
        command.add("/usr/bin/keystone-manage");
        command.add("--config-file=" + directory.resolve("keystone.conf"));
        command.addAll(List.of(arguments));
        run(command);
    }

    private void run(List<String> command) throws IOException, InterruptedException {
        Path log = directory.resolve("manage.log");
        Process process = start(command, log);
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + " failed:\n" + Files.readString(log));
        }
    }

    private Process launch() throws IOException {
        return start(
                List.of(
                        "uwsgi",
                        "--plugins",
                        "python3",
                        "--http-socket",
                        "127.0.0.1:" + port,
                        "--https-socket",
                        "127.0.0.1:" + securePort + ",tls.crt,tls.key",
                        "--wsgi-file",
                        "/usr/bin/keystone-wsgi-public",
                        "--master",
                        "--die-on-term",
                        "--no-orphans",
                        "--processes",
                        "1",
                        "--threads",
                        "4",
                        "--enable-threads",
                        "--lazy-apps",
                        "--buffer-size",
                        "65535",
                        "--add-header",
                        "Connection: close"),
                directory.resolve("uwsgi.log"));
    }

    private Process start(List<String> command, Path log) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .directory(directory.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().put("OS_KEYSTONE_CONFIG_DIR", directory.toString());
        builder.environment().put("OS_KEYSTONE_CONFIG_FILES", "keystone.conf");
        return builder.start();
    }

    private void awaitAnswer() throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(url()).timeout(Duration.ofSeconds(20)).build();
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < end && server.isAlive()) {
            try {
                if (http.send(request, BodyHandlers.discarding()).statusCode() == 200) {
                    return;
                }
            } catch (IOException _) {
                // Not yet there.
            }
            Thread.sleep(100);
        }
        throw new IOException(
                "Keystone did not come up:\n" + Files.readString(directory.resolve("uwsgi.log")));
    }

    @Override
    public void close() {
        http.shutdownNow();
        try {
            kill();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
