package io.hypernetes.identity.abac;

import io.hypernetes.api.access.Attributes;
import io.hypernetes.api.access.Authorizer;
import io.hypernetes.identity.ReloadedFile;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Allows what a line of the file allows; the file is read again within a second of a change. */
public final class AbacAuthorizer implements Authorizer {

    private final ReloadedFile<List<AbacPolicy>> policies;

    /** Throws IOException and IllegalArgumentException when there is no such file or a bad line. */
    public AbacAuthorizer(Path file) throws IOException {
        policies = new ReloadedFile<>(file, AbacPolicy::parse);
    }

    @Override
    public Decision authorize(Attributes request) {
        for (AbacPolicy policy : policies.value()) {
            if (policy.allows(request)) {
                return new Decision.Allow("");
            }
        }
        return new Decision.NoOpinion("No policy matched.");
    }
}
