package io.hypernetes.runtime.image;

/** Why an image could not be had; the message is a sentence for the owner of the pod. */
public final class ImageException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** What kind of failure. */
    public enum Reason {
        /** The registry knows no such image, or none for this machine. */
        NOT_FOUND,
        /** The registry wants other credentials. */
        UNAUTHORIZED,
        /** The name, or what the registry or file holds, is not an image. */
        INVALID,
        /** It is larger than the limits of this node. */
        TOO_LARGE,
        /** The registry could not be reached, or failed; worth another try. */
        UNAVAILABLE,
        /** The node itself failed: disk full, a program missing. */
        NODE
    }

    private final Reason reason;

    public ImageException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public ImageException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }

    static ImageException invalid(String message) {
        return new ImageException(Reason.INVALID, message);
    }
}
