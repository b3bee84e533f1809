package io.hypernetes.cli.admin;

/** Says why the server did not do what it was asked for, and what to do. */
public final class AdminException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public AdminException(String message) {
        super(message);
    }

    public AdminException(String message, Throwable cause) {
        super(message, cause);
    }
}
