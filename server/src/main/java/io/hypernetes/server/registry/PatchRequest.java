package io.hypernetes.server.registry;

import io.hypernetes.api.client.Patch;

import java.util.List;

/**
 * A patch as it was sent.
 *
 * @param mistakes what strict field validation refuses in it, for instance fields that occur twice
 */
public record PatchRequest(Patch patch, List<String> mistakes) {

    public PatchRequest {
        mistakes = List.copyOf(mistakes);
    }

    /** One that the program has made. */
    public static PatchRequest of(Patch patch) {
        return new PatchRequest(patch, List.of());
    }
}
