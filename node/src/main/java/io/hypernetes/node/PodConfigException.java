package io.hypernetes.node;

/**
 * A pod that cannot be started as it is written: a ConfigMap is missing, a volume is of a type this
 * node does not offer. It becomes the container's waiting message and an event, and is tried again.
 */
public final class PodConfigException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String reason;

    /**
     * @param reason one word in CamelCase, for instance {@code CreateContainerConfigError}
     * @param message what is wrong with which object
     */
    public PodConfigException(String reason, String message) {
        super(message);
        this.reason = reason;
    }

    public String reason() {
        return reason;
    }
}
