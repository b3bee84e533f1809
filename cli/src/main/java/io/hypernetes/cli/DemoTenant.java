package io.hypernetes.cli;

import io.hypernetes.cli.Shell.Outcome;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** One side of the demo: a tenant, its user, and what the user does with kubectl. */
final class DemoTenant {

    private static final String NAMESPACE = "web";

    private final Installation installation;
    private final DemoReport report;
    private final Path kubeconfig;
    private final String name;
    private final String user;

    DemoTenant(
            Installation installation, DemoReport report, Path folder, String name, String user) {
        this.installation = installation;
        this.report = report;
        this.name = name;
        this.user = name + "-" + user;
        this.kubeconfig = folder.resolve(user + ".kubeconfig");
    }

    String name() {
        return name;
    }

    Path kubeconfig() {
        return kubeconfig;
    }

    void create(String cidr) {
        byte[] random = new byte[18];
        new SecureRandom().nextBytes(random);
        String password = Base64.getUrlEncoder().encodeToString(random);
        require(hypernetes("", "tenant", "create", name, "--cidr", cidr));
        require(hypernetes(password, "user", "create", user, "--tenant", name, "--password-stdin"));
        require(
                hypernetes(
                        password,
                        "login",
                        user,
                        "--tenant",
                        name,
                        "--password-stdin",
                        "-o",
                        kubeconfig.toString()));
    }

    void apply() {
        Path manifest = Path.of(System.getProperty("hypernetes.home", "."), "examples/hello.yaml");
        require(shownKubectl("create", "namespace", NAMESPACE));
        require(shownKubectl("-n", NAMESPACE, "apply", "-f", manifest.toString()));
        await("hello");
        await("visitor");
        require(shownKubectl("-n", NAMESPACE, "get", "pods", "-o", "wide"));
    }

    /** One more pod, so that this tenant has an address in use that the other has not. */
    void runLonely() {
        require(
                shownKubectl(
                        "-n",
                        NAMESPACE,
                        "run",
                        "lonely",
                        "--image=hypernetes/hello",
                        "--image-pull-policy=IfNotPresent"));
        await("lonely");
    }

    void recreateHello() {
        Path manifest = Path.of(System.getProperty("hypernetes.home", "."), "examples/hello.yaml");
        require(shownKubectl("-n", NAMESPACE, "delete", "pod", "hello"));
        require(shownKubectl("-n", NAMESPACE, "apply", "-f", manifest.toString()));
        await("hello");
    }

    private void await(String pod) {
        require(
                kubectl(
                        "-n",
                        NAMESPACE,
                        "wait",
                        "pod/" + pod,
                        "--for=condition=Ready",
                        "--timeout=120s"));
    }

    String address(String pod) {
        return kubectl("-n", NAMESPACE, "get", "pod", pod, "-o", "jsonpath={.status.podIP}")
                .output();
    }

    /** Runs a line of shell in a pod. */
    Outcome inPod(String pod, String line) {
        return kubectl("-n", NAMESPACE, "exec", pod, "--", "sh", "-c", line);
    }

    void delete() throws IOException {
        hypernetes("", "user", "delete", user);
        hypernetes("", "tenant", "delete", name);
        Files.deleteIfExists(kubeconfig);
    }

    Outcome kubectl(String... arguments) {
        return kubectl(List.of(arguments), false);
    }

    /** A path of the API, as it is answered to this user. */
    Outcome lookAt(String path) {
        return shownKubectl("get", "--raw", path);
    }

    private Outcome shownKubectl(String... arguments) {
        return kubectl(List.of(arguments), true);
    }

    private Outcome kubectl(List<String> arguments, boolean shown) {
        List<String> command = new ArrayList<>();
        try {
            command.add(ClientProgram.KUBECTL.find().toString());
        } catch (IOException e) {
            throw new CommandException("there is no kubectl: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandException("interrupted", e);
        }
        command.addAll(arguments);
        if (shown) {
            report.command(user + ": kubectl " + String.join(" ", arguments));
        }
        Outcome outcome = Shell.run(command, Map.of("KUBECONFIG", kubeconfig.toString()), "");
        if (shown) {
            report.output(outcome.output());
        }
        return outcome;
    }

    private Outcome hypernetes(String input, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("hypernetes.home", "."), "hypernetes").toString());
        command.addAll(List.of(arguments));
        command.addAll(List.of("--data", installation.data().toString()));
        report.command("hypernetes " + String.join(" ", arguments));
        Outcome outcome = Shell.run(command, Map.of(), input);
        report.output(outcome.output());
        return outcome;
    }

    private static void require(Outcome outcome) {
        if (!outcome.ok()) {
            throw new CommandException("the demo cannot go on: " + outcome.output());
        }
    }
}
