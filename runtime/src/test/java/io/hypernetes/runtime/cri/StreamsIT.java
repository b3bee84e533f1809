package io.hypernetes.runtime.cri;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;

import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import io.hypernetes.cri.guest.v1.AttachInput;
import io.hypernetes.cri.guest.v1.AttachStart;
import io.hypernetes.cri.guest.v1.ExecInput;
import io.hypernetes.cri.guest.v1.ExecOutput;
import io.hypernetes.cri.guest.v1.ExecStart;
import io.hypernetes.cri.guest.v1.PortForwardInput;
import io.hypernetes.cri.guest.v1.PortForwardOutput;
import io.hypernetes.cri.guest.v1.PortForwardStart;
import io.hypernetes.cri.guest.v1.TerminalSize;
import io.hypernetes.cri.v1.ExecRequest;
import io.hypernetes.cri.v1.PortForwardRequest;
import io.hypernetes.cri.v1.StopContainerRequest;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** Exec, attach and port-forward into a real machine. */
class StreamsIT {

    @TempDir private Path folder;
    private TestHyper hyper;
    private String sandbox;

    @BeforeEach
    void start() throws Exception {
        hyper = TestHyper.start(folder);
        sandbox = hyper.runSandbox("streams", List.of());
    }

    @AfterEach
    void stop() throws Exception {
        hyper.purge();
    }

    @Test
    void execCarriesInputAndOutputAndTheCode() throws Exception {
        String container = hyper.runContainer(sandbox, "main", "exec sleep 1000");
        String much = "x".repeat(300_000);

        Output pipe = new Output();
        StreamObserver<ExecInput> call = hyper.streams().exec(pipe);
        call.onNext(exec(container, false, "cat; echo err >&2; exit 4"));
        call.onNext(ExecInput.newBuilder().setStdin(ByteString.copyFromUtf8(much)).build());
        call.onCompleted();
        assertThat(pipe.end().equals(much + "exit 4")).as("all came back, and the code").isTrue();
        assertThat(pipe.errors()).isEqualTo("err\n");

        Output terminal = new Output();
        call = hyper.streams().exec(terminal);
        call.onNext(exec(container, true, "read line; stty size; test -t 0 && echo got $line"));
        call.onNext(
                ExecInput.newBuilder()
                        .setResize(TerminalSize.newBuilder().setColumns(132).setRows(50))
                        .build());
        call.onNext(ExecInput.newBuilder().setStdin(ByteString.copyFromUtf8("hi\n")).build());
        assertThat(terminal.end()).isEqualTo("hi\r\n50 132\r\ngot hi\r\nexit 0");
    }

    @Test
    void aClientThatGoesAwayEndsItsProcess() throws Exception {
        String container = hyper.runContainer(sandbox, "main", "exec sleep 1000");
        Output output = new Output();
        StreamObserver<ExecInput> call = hyper.streams().exec(output);
        call.onNext(exec(container, false, "echo up; exec sleep 7777"));
        output.await("up");

        call.onError(new InterruptedException("the client goes"));

        String count = "ps | grep -c '[s]leep 7777'";
        for (int i = 0;
                i < 100 && !hyper.exec(container, count).getStdout().toStringUtf8().startsWith("0");
                i++) {
            Thread.sleep(50);
        }
        assertThat(hyper.exec(container, count).getStdout().toStringUtf8()).isEqualTo("0\n");
    }

    @Test
    void attachJoinsTheContainerItself() throws Exception {
        String container =
                hyper.run(
                        sandbox,
                        TestHyper.config("main")
                                .addAllCommand(
                                        List.of(
                                                "/bin/sh",
                                                "-c",
                                                "while read l; do echo got $l; done; exit 6"))
                                .setStdin(true)
                                .setStdinOnce(true)
                                .build());
        Output output = new Output();
        StreamObserver<AttachInput> call = hyper.streams().attach(output);
        call.onNext(
                AttachInput.newBuilder()
                        .setStart(AttachStart.newBuilder().setContainerId(container).setStdin(true))
                        .build());
        call.onNext(AttachInput.newBuilder().setStdin(ByteString.copyFromUtf8("one\n")).build());
        output.await("got one\n");
        call.onNext(AttachInput.newBuilder().setStdinEnd(true).build());

        assertThat(output.end()).isEqualTo("got one\nexit 6");
        hyper.awaitLog("main", "stdout F got one");
    }

    @Test
    void aPortIsReachedFromInside() throws Exception {
        String container = hyper.runCommand(sandbox, "main", List.of());
        hyper.awaitLog("main", "serves http");
        assertThat(
                        hyper.exec(
                                        container,
                                        "i=0; until wget -q -O /dev/null 127.0.0.1:8080 || [ $i ="
                                                + " 99 ]; do i=$((i+1)); sleep 0.1; done")
                                .getExitCode())
                .isZero();

        assertThat(request(8080)).startsWith("HTTP/1.").contains("200");
        assertThatThrownBy(() -> request(81)).isInstanceOf(ExecutionException.class);
    }

    /** By the call, before there is an address. */
    @Test
    void whoAsksForStreamsThatCannotBeIsTold() throws Exception {
        String container = hyper.runContainer(sandbox, "main", "exec sleep 1000");
        ExecRequest exec =
                ExecRequest.newBuilder()
                        .setContainerId(container)
                        .addCmd("ls")
                        .setStdout(true)
                        .build();
        assertThat(hyper.runtime().exec(exec).getUrl())
                .isEqualTo("test:/exec/" + container + "/ls");
        refused(Code.INVALID_ARGUMENT, exec.toBuilder().setStdout(false).build());
        refused(Code.INVALID_ARGUMENT, exec.toBuilder().setTty(true).setStderr(true).build());
        refused(Code.INVALID_ARGUMENT, exec.toBuilder().clearCmd().build());
        refused(Code.NOT_FOUND, exec.toBuilder().setContainerId("nosuch").build());
        StopContainerRequest stop =
                StopContainerRequest.newBuilder().setContainerId(container).build();
        assertThat(hyper.runtime().stopContainer(stop)).isNotNull();
        refused(Code.FAILED_PRECONDITION, exec);

        PortForwardRequest forward =
                PortForwardRequest.newBuilder().setPodSandboxId(sandbox).addPort(80).build();
        assertThat(hyper.runtime().portForward(forward).getUrl())
                .isEqualTo("test:/portforward/" + sandbox);
        assertThatThrownBy(() ->
                        hyper.runtime().portForward(forward.toBuilder().addPort(70_000).build()))
                .hasMessageContaining("1 to 65535");
    }

    private void refused(Code code, ExecRequest request) {
        assertThatThrownBy(() -> hyper.runtime().exec(request))
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        e -> assertThat(e.getStatus().getCode()).isEqualTo(code));
    }

    private String request(int port) throws Exception {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        CompletableFuture<String> end = new CompletableFuture<>();
        StreamObserver<PortForwardInput> call =
                hyper.streams()
                        .portForward(
                                new StreamObserver<PortForwardOutput>() {
                                    @Override
                                    public void onNext(PortForwardOutput message) {
                                        answer.writeBytes(message.getData().toByteArray());
                                    }

                                    @Override
                                    public void onError(Throwable t) {
                                        end.completeExceptionally(t);
                                    }

                                    @Override
                                    public void onCompleted() {
                                        end.complete(answer.toString(StandardCharsets.UTF_8));
                                    }
                                });
        call.onNext(
                PortForwardInput.newBuilder()
                        .setStart(
                                PortForwardStart.newBuilder()
                                        .setPodSandboxId(sandbox)
                                        .setPort(port))
                        .build());
        call.onNext(
                PortForwardInput.newBuilder()
                        .setData(ByteString.copyFromUtf8("GET / HTTP/1.0\r\n\r\n"))
                        .build());
        return end.get(30, TimeUnit.SECONDS);
    }

    private static ExecInput exec(String container, boolean tty, String script) {
        return ExecInput.newBuilder()
                .setStart(
                        ExecStart.newBuilder()
                                .setContainerId(container)
                                .addAllCommand(List.of("/bin/sh", "-c", script))
                                .setTty(tty)
                                .setStdin(true))
                .build();
    }

    /** What a process says, with its code at the end of the output. */
    private static final class Output implements StreamObserver<ExecOutput> {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final ByteArrayOutputStream errors = new ByteArrayOutputStream();
        private final CompletableFuture<String> end = new CompletableFuture<>();

        String errors() {
            return errors.toString(StandardCharsets.UTF_8);
        }

        String end() throws Exception {
            return end.get(30, TimeUnit.SECONDS);
        }

        void await(String text) throws InterruptedException {
            for (int i = 0;
                    i < 600 && !bytes.toString(StandardCharsets.UTF_8).contains(text);
                    i++) {
                Thread.sleep(50);
            }
            assertThat(bytes.toString(StandardCharsets.UTF_8)).contains(text);
        }

        @Override
        public void onNext(ExecOutput message) {
            bytes.writeBytes(message.getStdout().toByteArray());
            errors.writeBytes(message.getStderr().toByteArray());
            if (message.hasExitCode()) {
                end.complete(
                        bytes.toString(StandardCharsets.UTF_8) + "exit " + message.getExitCode());
            }
        }

        @Override
        public void onError(Throwable t) {
            end.completeExceptionally(t);
        }

        @Override
        public void onCompleted() {
            end.completeExceptionally(new IllegalStateException("no exit code"));
        }
    }
}
