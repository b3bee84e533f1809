package io.hypernetes.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.ResourceType;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.types.BuiltinTypes;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** The real kubectl with an object of every kind that it knows how to describe. */
class KubectlKindsIT {
    @TempDir static Path folder;

    private static TestServer server;
    private static Path config;

    @BeforeAll
    static void start() throws IOException {
        server = new TestServer();
        config = server.kubeconfig(folder, TestServer.ALICE, "");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /** All but what tenants cannot make, and two that kubectl 1.32 describes as v1beta1 alone. */
    private static List<ResourceType> kinds() {
        return BuiltinTypes.ALL.stream()
                .filter(Specimens::canBeCalledAnything)
                .filter(ResourceType::isStored)
                .filter(type -> !type.equals(BuiltinTypes.TENANTS))
                .filter(type -> !type.equals(BuiltinTypes.USERS))
                .filter(type -> !type.equals(BuiltinTypes.SERVICE_CIDRS))
                .filter(type -> !type.equals(BuiltinTypes.VOLUME_ATTRIBUTES_CLASSES))
                .filter(type -> !type.equals(BuiltinTypes.STORAGE_CLASSES))
                .toList();
    }

    private static String kubectl(String... arguments) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of("kubectl", "--kubeconfig", config.toString()));
        command.add("--cache-dir=" + folder.resolve("cache"));
        command.addAll(List.of(arguments));
        Path out = Files.createTempFile(folder, "out", "");
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(out.toFile())
                        .start();
        assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        String told = Files.readString(out);
        assertThat(process.exitValue()).as(String.join(" ", arguments) + ": " + told).isZero();
        return told;
    }

    @Test
    void describesAndExplainsEveryKind() throws IOException, InterruptedException {
        for (ResourceType type : kinds()) {
            String collection =
                    (type.id().group().isEmpty() ? "/api/" : "/apis/")
                            + type.apiVersion()
                            + (type.namespaced() ? "/namespaces/default/" : "/")
                            + type.id().resource();
            String specimen = Json.text(new Specimens().of(type, "described", "mark"));
            var made = server.send(TestServer.ALICE, "POST", collection, specimen);
            assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
        }
        String all =
                kinds().stream().map(type -> type.id().toString()).collect(Collectors.joining(","));
        for (ResourceType type : kinds()) {
            String told = kubectl("describe", type.id().toString(), "described");
            assertThat(told).contains("described");
        }
        assertThat(kubectl("get", all, "-o", "wide")).contains("described");
        for (String field :
                List.of("deployment.spec.strategy", "cronjob.spec", "hpa.spec.metrics")) {
            assertThat(kubectl("explain", field)).contains("FIELD").contains("DESCRIPTION");
        }
        // ExplainableTest goes through all kinds as kubectl does; this is kubectl itself.
        for (String kind : List.of("pod", "ingress", "resourceslice", "floatingip", "crd")) {
            assertThat(kubectl("explain", kind, "--recursive"))
                    .contains("KIND:", "VERSION:", "metadata", "<ObjectMeta>");
        }
    }
}
