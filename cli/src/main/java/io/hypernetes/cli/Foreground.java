package io.hypernetes.cli;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;

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
        CountDownLatch end = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(
                        new Thread(
                                () -> {
                                    end.countDown();
                                    awaitQuietly(ended);
                                },
                                "shutdown"));
        try {
            AutoCloseable running = start.start(progress);
            end.await();
            close(running);
        } catch (RuntimeException | IOException e) {
            progress.failed(sentence(e));
            e.printStackTrace(System.err);
            return 1;
        } finally {
            self.forget();
            ended.countDown();
        }
        return 0;
    }

    private static void close(AutoCloseable running) throws IOException {
        try {
            running.close();
        } catch (Exception e) {
            throw new IOException("it did not end in good order: " + e.getMessage(), e);
        }
    }

    /** The JVM ends as soon as its shutdown hooks have. */
    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static String sentence(Exception e) {
        String message = String.valueOf(e.getMessage());
        return message.equals("null") ? e.toString() : message;
    }
}
