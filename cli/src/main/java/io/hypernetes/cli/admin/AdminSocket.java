package io.hypernetes.cli.admin;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.json.Json;
import io.hypernetes.store.StoreException;

import jdk.net.ExtendedSocketOptions;
import jdk.net.UnixDomainPrincipal;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** The server's end: answers one command after the other, on a thread of its own. */
public final class AdminSocket implements AutoCloseable {

    /** Does what is asked; a RuntimeException's message is told to the asker. */
    public interface Restorer {
        /**
         * @return for people
         */
        String restore(RestoreRequest request) throws InterruptedException;
    }

    private static final Logger LOG = LoggerFactory.getLogger(AdminSocket.class);

    private final Path path;
    private final ServerSocketChannel channel;
    private final Restorer restorer;
    private final String owner;
    private final Thread thread;

    private AdminSocket(Path path, ServerSocketChannel channel, Restorer restorer)
            throws IOException {
        this.path = path;
        this.channel = channel;
        this.restorer = restorer;
        this.owner = Files.getOwner(path).getName();
        this.thread = Thread.ofVirtual().name("admin-socket").start(this::run);
    }

    /**
     * Listens; what a killed server left at the path is replaced.
     *
     * @throws IOException when it cannot, as for a path of more than 107 bytes
     */
    public static AdminSocket open(Path path, Restorer restorer) throws IOException {
        Files.createDirectories(path.toAbsolutePath().getParent());
        Files.deleteIfExists(path);
        ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.bind(UnixDomainSocketAddress.of(path));
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
            return new AdminSocket(path, channel, restorer);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e instanceof IOException io ? io : new IOException(e.getMessage(), e);
        }
    }

    private void run() {
        while (true) {
            try (SocketChannel asker = channel.accept()) {
                Line.write(asker, Line.of(answer(asker)));
            } catch (AsynchronousCloseException e) {
                return; // closed, or interrupted
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException e) {
                LOG.warn("a command on {} was not answered: {}", path, e.getMessage());
            }
        }
    }

    private ObjectNode answer(SocketChannel asker) throws IOException {
        UnixDomainPrincipal who = asker.getOption(ExtendedSocketOptions.SO_PEERCRED);
        String user = who.user().getName();
        // The file's mode says the same, but not in the instant before it is set.
        if (!user.equals(owner) && !user.equals("root")) {
            return Json.object().put("error", "only " + owner + " and root may ask this server");
        }
        try {
            RestoreRequest request = RestoreRequest.parse(Line.read(asker));
            LOG.info("{} asks to restore {}", user, request.source());
            String done = restorer.restore(request);
            LOG.info("{}", done);
            return Json.object().put("done", done);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Json.object().put("error", "the server is ending");
        } catch (AdminException | StoreException | ApiException e) {
            LOG.warn("a command was refused: {}", e.getMessage());
            return Json.object().put("error", String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            LOG.error("a command failed", e);
            return Json.object().put("error", String.valueOf(e.getMessage()));
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
        thread.interrupt();
        Files.deleteIfExists(path);
    }
}
