package io.hypernetes.api.access;

import java.util.Optional;

/** One way of proving who one is. The server asks its authenticators in order. */
public interface Authenticator {

    /**
     * @return empty when these credentials are not of this authenticator's kind: the next is asked
     * @throws io.hypernetes.api.ApiException Unauthorized when they are of its kind and wrong
     */
    Optional<Identity> authenticate(Credentials credentials);
}
