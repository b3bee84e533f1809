package io.hypernetes.runtime.qemu;

import io.hypernetes.runtime.vm.VmException;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * The machine protocol of QEMU: one command at a time, events in between. A virtual thread reads,
 * so that events never pile up in QEMU.
 */
final class Qmp implements AutoCloseable {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Duration ANSWER = Duration.ofSeconds(30);

    private final SocketChannel socket;
    private final ReentrantLock commands = new ReentrantLock();
    private final BlockingQueue<JsonNode> answers = new ArrayBlockingQueue<>(4);

    /** Ids of devices that QEMU has taken out; guarded by itself. */
    private final Set<String> deleted = new HashSet<>();

    private volatile boolean outOfSpace;

    private Qmp(SocketChannel socket) {
        this.socket = socket;
    }

    /** Connects as soon as the socket is there, as long as the process is worth waiting for. */
    static Qmp connect(Path path, BooleanSupplier alive, Duration timeout)
            throws InterruptedException {
        Instant deadline = Instant.now().plus(timeout);
        while (true) {
            try {
                SocketChannel socket = SocketChannel.open(StandardProtocolFamily.UNIX);
                try {
                    socket.connect(UnixDomainSocketAddress.of(path));
                } catch (IOException e) {
                    socket.close();
                    throw e;
                }
                Qmp qmp = new Qmp(socket);
                Thread.ofVirtual().name("qmp " + path).start(qmp::read);
                qmp.execute("qmp_capabilities", JSON.createObjectNode());
                return qmp;
            } catch (IOException e) {
                if (!alive.getAsBoolean() || Instant.now().isAfter(deadline)) {
                    throw new VmException("can not reach the machine's monitor at " + path, e);
                }
                Thread.sleep(2);
            }
        }
    }

    static ObjectNode arguments() {
        return JSON.createObjectNode();
    }

    JsonNode execute(String command) {
        return execute(command, JSON.createObjectNode());
    }

    /** The value of {@code return}; throws with QEMU's own words when it refuses. */
    JsonNode execute(String command, ObjectNode arguments) {
        ObjectNode message = JSON.createObjectNode().put("execute", command);
        message.set("arguments", arguments);
        commands.lock();
        try {
            write(JSON.writeValueAsBytes(message));
            JsonNode answer = answers.poll(ANSWER.toMillis(), TimeUnit.MILLISECONDS);
            if (answer == null) {
                close(); // a late answer would be taken for the next command's
                throw new VmException(command + ": no answer from QEMU in " + ANSWER);
            }
            if (answer.has("error")) {
                throw new VmException(command + ": " + answer.at("/error/desc").asString());
            }
            return answer.path("return");
        } catch (IOException e) {
            throw new VmException(command + ": the machine has ended", e);
        } catch (InterruptedException e) {
            close();
            Thread.currentThread().interrupt();
            throw new VmException(command + " was interrupted", e);
        } finally {
            commands.unlock();
        }
    }

    /** Waits until QEMU has told that the device is out; false when it has not in time. */
    boolean awaitDeleted(String deviceId, Duration timeout) throws InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        synchronized (deleted) {
            while (!deleted.remove(deviceId)) {
                long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (left <= 0) {
                    return false;
                }
                deleted.wait(left);
            }
            return true;
        }
    }

    /**
     * Whether QEMU has stopped the machine because a write found no space, and nobody knows yet.
     */
    boolean outOfSpace() {
        return outOfSpace;
    }

    void forgetOutOfSpace() {
        outOfSpace = false;
    }

    private void write(byte[] json) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(json);
        while (buffer.hasRemaining()) {
            socket.write(buffer);
        }
    }

    private void read() {
        try (BufferedReader lines =
                new BufferedReader(
                        new InputStreamReader(
                                Channels.newInputStream(socket), StandardCharsets.UTF_8))) {
            String line;
            while ((line = lines.readLine()) != null) {
                JsonNode message = JSON.readTree(line);
                if (message.has("return") || message.has("error")) {
                    answers.add(message);
                } else {
                    happened(message);
                }
            }
            answers.add(ended());
        } catch (IOException e) {
            answers.add(ended());
        }
    }

    private void happened(JsonNode event) {
        switch (event.path("event").asString("")) {
            case "DEVICE_DELETED" -> {
                synchronized (deleted) {
                    deleted.add(event.at("/data/device").asString(""));
                    deleted.notifyAll();
                }
            }
            case "BLOCK_IO_ERROR" -> {
                if (event.at("/data/nospace").asBoolean(false)
                        && event.at("/data/action").asString("").equals("stop")) {
                    outOfSpace = true;
                }
            }
            default -> {}
        }
    }

    private static JsonNode ended() {
        ObjectNode message = JSON.createObjectNode();
        message.putObject("error").put("desc", "the machine has ended");
        return message;
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new VmException("closing the machine's monitor failed", e);
        }
    }
}
