package io.hypernetes.server.discovery;

/** What this server says it is. */
final class Version {
    /** The release of Kubernetes whose API is served. */
    static final String KUBERNETES = "v1.36.0";

    static final String HYPERNETES = "0.1.0";

    /** As Go names it, which clients expect. */
    static final String ARCHITECTURE =
            switch (System.getProperty("os.arch", "")) {
                case "aarch64" -> "arm64";
                default -> "amd64";
            };

    private Version() {}
}
