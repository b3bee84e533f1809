package io.hypernetes.runtime.cri;

import io.hypernetes.cri.v1.Container;
import io.hypernetes.cri.v1.ContainerConfig;
import io.hypernetes.cri.v1.ContainerFilter;
import io.hypernetes.cri.v1.CreateContainerRequest;
import io.hypernetes.cri.v1.DNSConfig;
import io.hypernetes.cri.v1.Int64Value;
import io.hypernetes.cri.v1.LinuxContainerConfig;
import io.hypernetes.cri.v1.LinuxContainerSecurityContext;
import io.hypernetes.cri.v1.LinuxPodSandboxConfig;
import io.hypernetes.cri.v1.ListContainersRequest;
import io.hypernetes.cri.v1.PodSandboxConfig;
import io.hypernetes.cri.v1.PortMapping;
import io.hypernetes.cri.v1.RunPodSandboxRequest;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * What critest ({@code kubernetes-sigs/cri-tools}, {@code pkg/validate}) asks of a runtime, asked
 * over the socket; docs/runtime.md says which of its specs each test keeps. One sandbox serves all
 * tests of a class that do not end it.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class CriConformance {

    static final String FOREVER = "exec sleep 100000";

    @TempDir static Path folder;
    TestHyper hyper;
    String sandbox;
    private int containers;

    @BeforeAll
    void start() throws Exception {
        hyper = TestHyper.start(folder);
        sandbox =
                run(
                        sandbox("asked")
                                .setDnsConfig(
                                        DNSConfig.newBuilder()
                                                .addServers("10.10.10.10")
                                                .addSearches("google.com")
                                                .addOptions("ndots:8"))
                                .addPortMappings(PortMapping.newBuilder().setContainerPort(12000))
                                .setLinux(
                                        LinuxPodSandboxConfig.newBuilder()
                                                .putSysctls("kernel.shm_rmid_forced", "1")
                                                .putSysctls("fs.mqueue.msg_max", "100")));
    }

    @AfterAll
    void stop() throws Exception {
        hyper.purge();
    }

    PodSandboxConfig.Builder sandbox(String name) {
        return TestHyper.sandbox(name).toBuilder()
                .setLogDirectory(folder.resolve("logs").toString());
    }

    String run(PodSandboxConfig.Builder config) {
        return hyper.runtime()
                .runPodSandbox(RunPodSandboxRequest.newBuilder().setConfig(config).build())
                .getPodSandboxId();
    }

    ContainerConfig.Builder config(String script) {
        return TestHyper.config("c" + containers++).addAllCommand(List.of("/bin/sh", "-c", script));
    }

    String create(ContainerConfig.Builder config) {
        return hyper.runtime()
                .createContainer(
                        CreateContainerRequest.newBuilder()
                                .setPodSandboxId(sandbox)
                                .setConfig(config)
                                .build())
                .getContainerId();
    }

    static ContainerConfig.Builder with(
            ContainerConfig.Builder config,
            UnaryOperator<LinuxContainerSecurityContext.Builder> security) {
        return config.setLinux(
                LinuxContainerConfig.newBuilder()
                        .setSecurityContext(
                                security.apply(LinuxContainerSecurityContext.newBuilder())));
    }

    /** A container that waits for questions. */
    String secured(UnaryOperator<LinuxContainerSecurityContext.Builder> security) {
        return hyper.run(sandbox, with(config(FOREVER), security).build());
    }

    String say(String container, String script) {
        var answer = hyper.exec(container, script);
        return answer.getStdout().toStringUtf8() + answer.getStderr().toStringUtf8();
    }

    static Int64Value number(long value) {
        return Int64Value.newBuilder().setValue(value).build();
    }

    List<Container> list(ContainerFilter.Builder filter) {
        return hyper.runtime()
                .listContainers(
                        ListContainersRequest.newBuilder()
                                .setFilter(filter.setPodSandboxId(sandbox))
                                .build())
                .getContainersList();
    }
}
