package io.hypernetes.network.tap;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** The guest's end of a TAP, as a virtual machine has it: whole frames in and out. */
public final class TapChannel implements AutoCloseable {

    private static final int FRAME_BYTES = 16 * 1024;
    private static final long POLLIN = 1;

    private static final MethodHandle READ =
            Libc.handle("read", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
    private static final MethodHandle WRITE =
            Libc.handle("write", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
    private static final MethodHandle POLL =
            Libc.handle("poll", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));

    private final int fd;
    private final BlockingQueue<byte[]> frames = new LinkedBlockingQueue<>();
    private final Thread reader;
    private volatile boolean closed;

    private TapChannel(int fd) {
        this.fd = fd;
        this.reader = Thread.ofPlatform().name("tap-reader").daemon().start(this::readAll);
    }

    /**
     * @param netns file of the namespace of the device
     */
    public static TapChannel open(String netns, String tap) {
        Netns namespace = new Netns(Path.of(netns).getFileName().toString());
        try {
            return new TapChannel(
                    namespace.call(() -> {
                        int tun = Libc.open("/dev/net/tun", Libc.O_RDWR | Libc.O_CLOEXEC);
                        try (Arena arena = Arena.ofConfined()) {
                            MemorySegment request = Taps.ifreq(arena, tap);
                            request.set(JAVA_SHORT, 16, (short) 0x1002);
                            Libc.ioctl("open " + tap, tun, 0x400454ca, request);
                        }
                        return tun;
                    }));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public void send(byte[] frame) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocateFrom(JAVA_BYTE, frame);
            long written = (long) WRITE.invokeExact(fd, bytes, (long) frame.length);
            if (written != frame.length) {
                throw new IllegalStateException("wrote " + written + " of " + frame.length);
            }
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** The frames that have come and were not taken. */
    public BlockingQueue<byte[]> frames() {
        return frames;
    }

    private void readAll() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocate(FRAME_BYTES);
            MemorySegment poll = arena.allocate(8, 4);
            while (!closed) {
                poll.set(JAVA_INT, 0, fd);
                poll.set(JAVA_INT, 4, (int) POLLIN);
                if ((int) POLL.invokeExact(poll, 1L, 20) > 0) {
                    long length = (long) READ.invokeExact(fd, bytes, (long) FRAME_BYTES);
                    if (length < 0) {
                        return; // the device is gone
                    }
                    frames.add(bytes.asSlice(0, length).toArray(JAVA_BYTE));
                }
            }
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            reader.join(TimeUnit.SECONDS.toMillis(5));
            Libc.close(fd);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
