package io.hypernetes.runtime.vm;

/** What the hypervisor could not do, and what the reader can do about it. */
public final class VmException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public VmException(String message) {
        super(message);
    }

    public VmException(String message, Throwable cause) {
        super(message, cause);
    }
}
