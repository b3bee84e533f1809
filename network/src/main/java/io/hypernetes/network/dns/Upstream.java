package io.hypernetes.network.dns;

import java.util.Optional;

/** Who knows the names that are not ours, by the operator's choice. */
@FunctionalInterface
public interface Upstream {

    /** Names of elsewhere are refused. */
    Upstream NONE = (_, _) -> Optional.empty();

    /**
     * Asks as a client asked.
     *
     * @param query one that was looked at and has one question
     * @param overTcp whether the answer may be large
     * @return the answer with the id of the query; empty when nobody answers
     */
    Optional<byte[]> ask(byte[] query, boolean overTcp);
}
