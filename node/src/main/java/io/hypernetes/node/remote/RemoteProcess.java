package io.hypernetes.node.remote;

import io.hypernetes.api.client.PodAccess;
import io.hypernetes.api.client.PodAccess.TerminalSize;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** A command on another machine, over one connection. A thread of its own reads what it says. */
final class RemoteProcess implements PodAccess.Process {

    private static final Logger LOG = LoggerFactory.getLogger(RemoteProcess.class);

    private final Socket socket;
    private final OutputStream out;
    private final OutputStream stdin;
    private final CompletableFuture<Integer> exit = new CompletableFuture<>();

    private RemoteProcess(Socket socket) throws IOException {
        this.socket = socket;
        this.out = socket.getOutputStream();
        this.stdin = new Input(out);
    }

    static RemoteProcess over(Socket socket, PodAccess.Output output) throws IOException {
        RemoteProcess process = new RemoteProcess(socket);
        DataInputStream in = new DataInputStream(socket.getInputStream());
        Thread.ofVirtual().name("remote-process").start(() -> process.read(in, output));
        return process;
    }

    private void read(DataInputStream in, PodAccess.Output output) {
        try {
            while (true) {
                Optional<Frame> frame = Frame.read(in);
                if (frame.isEmpty()) {
                    throw new EOFException("the node ended the connection");
                }
                Frame piece = frame.get();
                switch (piece.kind()) {
                    case STDOUT -> pass(piece, output.stdout());
                    case STDERR -> pass(piece, output.stderr());
                    case EXIT -> {
                        exit.complete(piece.number(0));
                        return;
                    }
                    case FAILURE -> throw new IOException(piece.text());
                    case STDIN, STDIN_END, RESIZE -> throw new IOException("not a node's frame");
                }
            }
        } catch (IOException e) {
            exit.completeExceptionally(e);
        }
    }

    private static void pass(Frame piece, OutputStream to) throws IOException {
        to.write(piece.bytes());
        to.flush();
    }

    @Override
    public OutputStream stdin() {
        return stdin;
    }

    @Override
    public void resize(TerminalSize size) {
        try {
            Frame.of(Frame.Kind.RESIZE, size.columns(), size.rows()).write(out);
        } catch (IOException e) {
            LOG.debug("a remote terminal is not resized: {}", e.getMessage());
        }
    }

    @Override
    public int waitFor() throws InterruptedException, IOException {
        try {
            return exit.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            LOG.debug("a remote command does not close well: {}", e.getMessage());
        }
    }

    private static final class Input extends OutputStream {
        private final OutputStream out;
        private final OutputStream frames;

        private Input(OutputStream out) {
            this.out = out;
            this.frames = Frame.stream(Frame.Kind.STDIN, out);
        }

        @Override
        public void write(int octet) throws IOException {
            frames.write(octet);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            frames.write(bytes, offset, length);
        }

        @Override
        public void close() throws IOException {
            Frame.of(Frame.Kind.STDIN_END).write(out);
        }
    }
}
