package io.hypernetes.runtime.qemu;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.hypernetes.runtime.agent.AgentException;
import io.hypernetes.runtime.agent.ContainerResources;
import io.hypernetes.runtime.agent.ContainerSecurity;
import io.hypernetes.runtime.agent.ContainerSpec;
import io.hypernetes.runtime.agent.ContainerStatus;
import io.hypernetes.runtime.agent.ExecSpec;
import io.hypernetes.runtime.agent.GuestAgent;
import io.hypernetes.runtime.agent.GuestProcess;
import io.hypernetes.runtime.agent.OutputListener;
import io.hypernetes.runtime.agent.VolumeMount;

import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** What tests do with containers, in few words. */
final class Sandbox {

    static final String IMAGE = "image";

    private final GuestAgent agent;

    Sandbox(GuestAgent agent) {
        this.agent = agent;
    }

    /** What a container has written, and its end. */
    @SuppressWarnings("ArrayRecordComponent")
    record Outcome(String stdout, String stderr, ContainerStatus.Exit exit) {}

    static Builder shell(String id, String script) {
        return new Builder(id, List.of("sh", "-c", script));
    }

    /** Runs a container to its end and removes it. */
    Outcome run(Builder container) throws Exception {
        agent.create(container.build());
        Collector collector = new Collector();
        agent.output(container.id, collector);
        agent.start(container.id);
        collector.end.get(60, TimeUnit.SECONDS);
        Outcome outcome =
                new Outcome(
                        collector.stdout.toString(UTF_8),
                        collector.stderr.toString(UTF_8),
                        exit(container.id));
        agent.remove(container.id);
        return outcome;
    }

    /** The output of a container that is expected to succeed. */
    String output(Builder container) throws Exception {
        Outcome outcome = run(container);
        if (outcome.exit().code() != 0) {
            throw new AssertionError("container ended with " + outcome);
        }
        return outcome.stdout();
    }

    void start(Builder container) {
        agent.create(container.build());
        agent.start(container.id);
    }

    String exec(String container, String script) throws Exception {
        try (GuestProcess process =
                agent.exec(container, new ExecSpec(List.of("sh", "-c", script), false, false))) {
            String out = new String(process.stdout().readAllBytes(), UTF_8);
            int code = process.waitFor();
            if (code != 0) {
                String errors = new String(process.stderr().readAllBytes(), UTF_8);
                throw new AssertionError(script + " ended with " + code + ": " + out + errors);
            }
            return out;
        }
    }

    private ContainerStatus.Exit exit(String id) throws InterruptedException {
        while (agent.container(id).exit().isEmpty()) {
            Thread.sleep(2);
        }
        return agent.container(id).exit().orElseThrow();
    }

    /** Keeps what it is given. */
    static final class Collector implements OutputListener {

        final ByteArrayOutputStream stdout = new ByteArrayOutputStream();
        final ByteArrayOutputStream stderr = new ByteArrayOutputStream();
        final CompletableFuture<Boolean> end = new CompletableFuture<>();

        @Override
        public void accept(Source source, long offset, byte[] bytes) {
            ByteArrayOutputStream to = source == Source.STDOUT ? stdout : stderr;
            if (offset != to.size()) {
                throw new AgentException(
                        AgentException.Reason.FAILED, offset + " does not follow " + to.size());
            }
            to.writeBytes(bytes);
        }

        @Override
        public void end() {
            end.complete(true);
        }
    }

    /** A container with everything that a test does not care about left out. */
    static final class Builder {

        final String id;
        private final List<String> args;
        private Map<String, String> env = Map.of();
        private String directory = "";
        private String user = "";
        private List<Long> groups = List.of();
        private ContainerSecurity security = ContainerSecurity.DEFAULT;
        private ContainerResources resources = ContainerResources.NONE;
        private List<VolumeMount> mounts = List.of();
        private boolean tty;
        private boolean stdin;
        private String lastWords = "";

        Builder(String id, List<String> args) {
            this.id = id;
            this.args = args;
        }

        Builder env(Map<String, String> value) {
            env = value;
            return this;
        }

        Builder directory(String value) {
            directory = value;
            return this;
        }

        Builder user(String value, Long... supplementary) {
            user = value;
            groups = List.of(supplementary);
            return this;
        }

        Builder security(ContainerSecurity value) {
            security = value;
            return this;
        }

        Builder memory(long bytes) {
            resources = new ContainerResources(bytes, 0, 0, 0);
            return this;
        }

        Builder mounts(VolumeMount... value) {
            mounts = List.of(value);
            return this;
        }

        Builder lastWords(String file) {
            lastWords = file;
            return this;
        }

        Builder tty() {
            tty = true;
            stdin = true;
            return this;
        }

        Builder stdin() {
            stdin = true;
            return this;
        }

        ContainerSpec build() {
            return new ContainerSpec(
                    id, IMAGE, args, env, directory, user, groups, security, resources, mounts, tty,
                    stdin, false, lastWords, "", List.of(), List.of());
        }
    }
}
