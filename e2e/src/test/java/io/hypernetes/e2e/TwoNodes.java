package io.hypernetes.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * An installation of two machines, which are two network namespaces: a wire between them for the
 * programs, and one for tenants' packets.
 */
final class TwoNodes implements AutoCloseable {

    /** Of the first machine, on the wire of the programs. */
    static final String FIRST = "192.0.2.1";

    private static final String SECOND = "192.0.2.2";
    private static final String URL = "https://" + FIRST + ":6443";

    private final Path folder;
    private final String id = Long.toString(ProcessHandle.current().pid(), 36);

    TwoNodes() throws IOException {
        this.folder = Files.createTempDirectory("hn2");
    }

    private String machine(String which) {
        return "hne" + id + which;
    }

    /** The data folder of a machine, {@code a} or {@code b}. */
    Path data(String which) {
        return folder.resolve(which);
    }

    /** Makes the machines, starts the first and lets the second join. */
    void start() throws IOException {
        for (String which : List.of("a", "b")) {
            ip("netns", "add", machine(which));
            ip("-n", machine(which), "link", "set", "lo", "up");
        }
        for (String wire : List.of("m", "t")) {
            String near = "hne" + wire + id + "a";
            String far = "hne" + wire + id + "b";
            ip("link", "add", near, "type", "veth", "peer", "name", far);
            ip("link", "set", near, "netns", machine("a"));
            ip("link", "set", far, "netns", machine("b"));
        }
        address("a", FIRST);
        address("b", SECOND);
        hypernetes(
                        "a",
                        "up",
                        "--cluster-address",
                        FIRST,
                        "--tunnel",
                        "hnet" + id + "a=198.51.100.1/24",
                        "--tenant-security",
                        "open")
                .succeeded();
        joinAgain(join());
    }

    private void address(String which, String address) {
        String device = "hnem" + id + which;
        ip("-n", machine(which), "addr", "add", address + "/24", "dev", device);
        ip("-n", machine(which), "link", "set", device, "up");
    }

    /** How the second machine joins for the first time. */
    private List<String> join() throws IOException {
        Outcome told = hypernetes("a", "node", "token").succeeded();
        Path token = folder.resolve("token");
        Files.writeString(token, told.text().lines().reduce("", (_, last) -> last));
        String hash = told.output().replaceAll("(?s).*(sha256:[0-9a-f]{64}).*", "$1");
        return List.of("--token-file", token.toString(), "--ca-hash", hash);
    }

    /** Starts the second machine's node, again without more. */
    void joinAgain(List<String> more) {
        List<String> words = new ArrayList<>(List.of("node", "join", URL, "--name", "second"));
        words.addAll(List.of("--tunnel", "hnet" + id + "b=198.51.100.2/24"));
        words.addAll(more);
        hypernetes("b", words.toArray(String[]::new)).succeeded();
    }

    /** {@code kill -9} of the program of a machine; its virtual machines and its switch run on. */
    void kill(String which) throws IOException {
        String pid = Files.readString(data(which).resolve("run/server")).split(" ")[0];
        Cloud.run(List.of("kill", "-9", pid), Map.of(), "").succeeded();
        Cloud.await("the end of " + pid, () -> ProcessHandle.of(Long.parseLong(pid)).isEmpty());
    }

    Outcome hypernetes(String which, String... words) {
        List<String> command = new ArrayList<>(in(which));
        command.add(Cloud.root().resolve("hypernetes").toAbsolutePath().normalize().toString());
        command.addAll(List.of(words));
        command.addAll(List.of("--data", data(which).toString()));
        return Cloud.run(
                command, Map.of("HYPERNETES_RECORDING", "none", "HYPERNETES_SPARES", "0"), "");
    }

    /** kubectl as the operator, in the world of a tenant. */
    Outcome kubectl(String tenant, String input, String... words) {
        List<String> command = new ArrayList<>(in("a"));
        command.addAll(Cloud.KUBECTL);
        command.add("--server=" + URL + "/tenants/" + tenant);
        command.addAll(List.of(words));
        Path kubeconfig = data("a").resolve("operator.kubeconfig");
        return Cloud.run(command, Map.of("KUBECONFIG", kubeconfig.toString()), input);
    }

    private List<String> in(String which) {
        return List.of("nsenter", "--net=/run/netns/" + machine(which), "--");
    }

    private static void ip(String... words) {
        List<String> command = new ArrayList<>(List.of("ip"));
        command.addAll(List.of(words));
        Cloud.run(command, Map.of(), "").succeeded();
    }

    @Override
    public void close() {
        for (String which : List.of("b", "a")) {
            hypernetes(which, "down", "--purge");
            ip("netns", "del", machine(which));
        }
        try (var files = Files.walk(folder)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
