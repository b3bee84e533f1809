package io.hypernetes.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.embedded.World;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import javax.xml.parsers.DocumentBuilderFactory;

/**
 * Upstream's own test program against a server of ours, in a tenant's world and in the operator's:
 * {@code conformance/upstream}. No part of a usual run, as the program is not ours to bring. The
 * nodes are fake, so it asks what it can know of the API alone: without another focus the tests
 * that are asked here in our own words too, but for those in {@code upstream-needs-machines.txt}.
 */
final class UpstreamRun {
    private static final Path FOLDER =
            Path.of(System.getProperty("hypernetes.root", ".."), "conformance/target/upstream");

    @ParameterizedTest
    @ValueSource(strings = {"tenant", "system"})
    void passes(String name) throws Exception {
        Files.createDirectories(FOLDER);
        Path log = FOLDER.resolve(name + ".log");
        try (ScheduledCluster cluster = new ScheduledCluster()) {
            World world =
                    name.equals("system")
                            ? cluster.server().system()
                            : cluster.server().createTenant();
            int code = start(world, name, log).waitFor();
            List<String> failed = report(name);
            assertThat(failed).as("what failed, see %s", log).isEmpty();
            assertThat(code).as("exit code, see %s", log).isZero();
        } finally {
            Files.deleteIfExists(FOLDER.resolve(name + ".kubeconfig"));
        }
    }

    private static Process start(World world, String name, Path log) throws Exception {
        Path kubeconfig = FOLDER.resolve(name + ".kubeconfig");
        Files.writeString(kubeconfig, world.kubeconfig());
        List<String> command = new ArrayList<>();
        command.add(Objects.requireNonNull(System.getProperty("upstream.e2e"), "-Dupstream.e2e"));
        command.addAll(
                List.of(
                        "--kubeconfig=" + kubeconfig,
                        "--provider=skeleton",
                        "--num-nodes=3",
                        "--allowed-not-ready-nodes=-1",
                        "--minStartupPods=-1",
                        "--disable-log-dump",
                        "--ginkgo.no-color",
                        "--ginkgo.silence-skips",
                        "--ginkgo.timeout=3h",
                        "--ginkgo.junit-report=" + FOLDER.resolve(name + ".xml"),
                        "--ginkgo.focus=" + System.getProperty("upstream.focus", focus(name))));
        List<String> skipped = new ArrayList<>(skipped("upstream-needs-machines.txt"));
        if (!world.tenant().isSystem()) {
            skipped.addAll(skipped("upstream-of-the-operator.txt"));
        }
        skipped.forEach(pattern -> command.add("--ginkgo.skip=" + pattern));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
    }

    /** The names of those tests that we ask in this world. */
    private static String focus(String world) throws Exception {
        return ConformancePageTest.asked().entrySet().stream()
                .filter(test ->
                        world.equals("system")
                                || test.getValue().stream()
                                        .noneMatch(told -> told.contains("(system's world")))
                .map(test -> Pattern.quote(test.getKey()))
                .collect(Collectors.joining("|"));
    }

    private static List<String> skipped(String file) throws IOException {
        try (var in = Objects.requireNonNull(UpstreamRun.class.getResourceAsStream(file))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .toList();
        }
    }

    /** Prints the counts; returns the names of those that failed. */
    private static List<String> report(String name) throws Exception {
        NodeList cases =
                DocumentBuilderFactory.newDefaultInstance()
                        .newDocumentBuilder()
                        .parse(FOLDER.resolve(name + ".xml").toFile())
                        .getElementsByTagName("testcase");
        int passed = 0;
        List<String> failed = new ArrayList<>();
        for (int i = 0; i < cases.getLength(); i++) {
            Element test = (Element) cases.item(i);
            String status = test.getAttribute("status");
            if (status.equals("passed")) {
                passed += test.getAttribute("name").startsWith("[It]") ? 1 : 0;
            } else if (!status.equals("skipped")) {
                failed.add(test.getAttribute("name"));
            }
        }
        System.out.printf("%s's world: %d passed, %d failed%n", name, passed, failed.size());
        return failed;
    }
}
