package io.hypernetes.identity.token;

import io.hypernetes.api.access.Authenticator;
import io.hypernetes.api.access.Credentials;
import io.hypernetes.api.access.Identity;
import io.hypernetes.identity.AuthorizationHeader;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Bearer tokens that this process gave out and alone remembers, each with whom it stands for. For
 * programs that hold the server in themselves; an installation's users have signed tokens.
 */
public final class KnownTokens implements Authenticator {
    private static final int BYTES = 32;

    /** By the digest of the token: a look-up tells nothing of the token by the time it takes. */
    private final Map<ByteBuffer, Identity> identities = new ConcurrentHashMap<>();

    private final SecureRandom random = new SecureRandom();

    /** A new token; it is good until {@link #forget} or the end of the process. */
    public String issue(Identity identity) {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        String token = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        identities.put(TokenDigest.of(token), identity);
        return token;
    }

    public void forget(String token) {
        identities.remove(TokenDigest.of(token));
    }

    /** A token that is none of these is left to others. */
    @Override
    public Optional<Identity> authenticate(Credentials credentials) {
        return AuthorizationHeader.bearer(credentials)
                .map(bearer -> identities.get(TokenDigest.of(bearer.token())));
    }
}
