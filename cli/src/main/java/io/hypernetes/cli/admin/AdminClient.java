package io.hypernetes.cli.admin;

import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/** The command's end. */
public final class AdminClient {
    private final Path path;

    public AdminClient(Path path) {
        this.path = path;
    }

    /**
     * Asks and waits for the answer, however long it takes.
     *
     * @return what the server did, for people
     * @throws AdminException when it did not
     */
    public String restore(RestoreRequest request) {
        ObjectNode answer;
        try (SocketChannel server = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
            Line.write(server, request.line());
            answer = Line.read(server);
        } catch (IOException e) {
            throw new AdminException(
                    "the running server cannot be asked over "
                            + path
                            + " ("
                            + e.getMessage()
                            + "). Look into its log, or stop it ('hypernetes down') and try again",
                    e);
        }
        if (answer.hasNonNull("done")) {
            return answer.path("done").asString();
        }
        throw new AdminException(answer.path("error").asString("the server did not say why not"));
    }
}
