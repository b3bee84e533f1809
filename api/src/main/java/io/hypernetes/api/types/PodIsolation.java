package io.hypernetes.api.types;

import io.hypernetes.api.FieldError;
import io.hypernetes.api.Tenant;

import tools.jackson.databind.node.ObjectNode;

import java.util.List;

/** What a pod may not ask for unless it is the operator's own. */
public final class PodIsolation {

    private PodIsolation() {}

    /** Empty when {@code tenant} may run {@code pod}. */
    public static List<FieldError> check(Tenant tenant, ObjectNode pod) {
        throw new UnsupportedOperationException();
    }
}
