package io.hypernetes.identity;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.Status.Reason;

/** The 401 of Kubernetes. It never says what was wrong: that would help to guess. */
public final class Unauthorized {

    private Unauthorized() {}

    public static ApiException exception() {
        return ApiException.of(Reason.UNAUTHORIZED, "Unauthorized");
    }
}
