package io.hypernetes.embedded;

/** Prints how long servers take to start, to make a world, and to close, in one JVM. */
final class StartTimes {
    private static final int ROUNDS = 10;

    private StartTimes() {}

    public static void main(String[] arguments) {
        System.out.println("round  start ms  world ms  close ms");
        for (int round = 1; round <= ROUNDS; round++) {
            long begin = System.nanoTime();
            KubernetesApiServer server = KubernetesApiServer.builder().start();
            long started = System.nanoTime();
            server.createTenant("a");
            long made = System.nanoTime();
            server.close();
            long closed = System.nanoTime();
            System.out.printf(
                    "%5d %9.1f %9.1f %9.1f%n",
                    round, (started - begin) / 1e6, (made - started) / 1e6, (closed - made) / 1e6);
        }
    }
}
