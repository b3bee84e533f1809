package io.hypernetes.cli;

import java.io.IOException;

/** Runs what is started until somebody ends this process, and closes it then. */
final class Foreground {

    /** Starts something. */
    interface Start {
        AutoCloseable start(Progress progress) throws IOException, InterruptedException;
    }

    private final Installation installation;
    private final boolean background;

    /**
     * @param background whether somebody else shows the steps
     */
    Foreground(Installation installation, boolean background) {
        this.installation = installation;
        this.background = background;
    }

    /** Returns the exit code. */
    int run(Start start) throws IOException, InterruptedException {
        ServerProcess self = new ServerProcess(installation);
        if (self.running().isPresent()) {
            throw new CommandException(
                    "a server already runs on "
                            + installation.data()
                            + ", pid "
                            + self.running().get().pid());
        }
        Progress progress = new Progress(installation.runFolder().resolve("progress"), !background);
        progress.begin();
        self.record();
        try (Termination end = new Termination()) {
            try {
                return run(start, progress, end);
            } finally {
                self.forget();
            }
        }
    }

    private static int run(Start start, Progress progress, Termination end)
            throws InterruptedException {
        try {
            AutoCloseable running = start.start(progress);
            end.await();
            close(running);
            return 0;
        } catch (RuntimeException | IOException e) {
            progress.failed(sentence(e));
            e.printStackTrace(System.err);
            return 1;
        }
    }

    private static void close(AutoCloseable running) throws IOException {
        try {
            running.close();
        } catch (Exception e) {
            throw new IOException("it did not end in good order: " + e.getMessage(), e);
        }
    }

    private static String sentence(Exception e) {
        String message = String.valueOf(e.getMessage());
        return message.equals("null") ? e.toString() : message;
    }
}
