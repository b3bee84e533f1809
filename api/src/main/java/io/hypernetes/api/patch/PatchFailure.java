package io.hypernetes.api.patch;

/** An operation that cannot be applied to the document. */
final class PatchFailure extends Exception {

    private static final long serialVersionUID = 1L;

    private final String detail;

    PatchFailure(String detail) {
        super(detail, null, false, false);
        this.detail = detail;
    }

    String detail() {
        return detail;
    }
}
