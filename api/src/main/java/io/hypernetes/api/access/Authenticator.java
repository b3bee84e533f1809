package io.hypernetes.api.access;

import java.util.List;
import java.util.Optional;

/** One way of proving who one is. The server asks its authenticators in order. */
public interface Authenticator {

    /**
     * @return empty when these credentials are not of this authenticator's kind: the next is asked
     * @throws io.hypernetes.api.ApiException Unauthorized when they are of its kind and wrong
     */
    Optional<Identity> authenticate(Credentials credentials);

    /**
     * Who a token is of that is meant for others than this server, and for which of them.
     *
     * @param audiences of these, in their order
     */
    record Meant(Identity identity, List<String> audiences) {}

    /**
     * Of a token that somebody has been shown, who is known by {@code audiences}: a token review
     * asks. It lets nobody in here.
     *
     * @return empty when the token is meant for none of them, is wrong, or not of a kind that names
     *     whom it is meant for
     */
    default Optional<Meant> review(Credentials credentials, List<String> audiences) {
        return Optional.empty();
    }
}
