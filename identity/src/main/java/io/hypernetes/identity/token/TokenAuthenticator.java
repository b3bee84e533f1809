package io.hypernetes.identity.token;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.access.Authenticator;
import io.hypernetes.api.access.Credentials;
import io.hypernetes.api.access.Identity;
import io.hypernetes.api.access.TokenIssuer;
import io.hypernetes.api.access.UserInfo;
import io.hypernetes.identity.AuthorizationHeader;
import io.hypernetes.identity.Unauthorized;
import io.hypernetes.identity.account.Account;
import io.hypernetes.identity.account.Accounts;
import io.hypernetes.identity.account.TokenSecrets;

import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Believes tokens that we signed as long as what they are bound to lives: the user is still there
 * and still a member of the token's tenant, the service account is the same incarnation.
 *
 * <p>Checking a signature takes most of a request's time, so that its result is remembered by the
 * token's hash; whether the account lives is looked up every time.
 */
public final class TokenAuthenticator implements Authenticator {

    private static final int REMEMBERED = 10_000;
    private static final Duration REMEMBER = Duration.ofMinutes(10);

    private final SignedTokens tokens;
    private final Accounts accounts;
    private final TokenSecrets secrets;
    private final Clock clock;
    private final Cache<ByteBuffer, Subject> verified =
            Caffeine.newBuilder().maximumSize(REMEMBERED).expireAfterWrite(REMEMBER).build();

    public TokenAuthenticator(
            SignedTokens tokens, Accounts accounts, TokenSecrets secrets, Clock clock) {
        this.tokens = tokens;
        this.accounts = accounts;
        this.secrets = secrets;
        this.clock = clock;
    }

    /** A bearer token that is none of ours is left to others. */
    @Override
    public Optional<Identity> authenticate(Credentials credentials) {
        Optional<String> token =
                AuthorizationHeader.bearer(credentials).map(AuthorizationHeader.Bearer::token);
        if (token.isEmpty()) {
            return Optional.empty();
        }
        ByteBuffer hash = TokenDigest.of(token.get());
        Subject subject = verified.getIfPresent(hash);
        if (subject == null) {
            if (!tokens.isOurs(token.get())) {
                return Optional.empty();
            }
            subject = tokens.verify(token.get()).orElseThrow(Unauthorized::exception);
            verified.put(hash, subject);
        }
        if (!clock.instant().isBefore(subject.expires())) {
            throw Unauthorized.exception();
        }
        return Optional.of(identity(subject, token.get()));
    }

    /** It is asked seldom, and nothing of the answer is remembered. */
    @Override
    public Optional<Meant> review(Credentials credentials, List<String> audiences) {
        Optional<String> token =
                AuthorizationHeader.bearer(credentials).map(AuthorizationHeader.Bearer::token);
        if (token.isEmpty() || !tokens.isOurs(token.get())) {
            return Optional.empty();
        }
        try {
            return tokens.verify(token.get(), audiences)
                    .map(found ->
                            new Meant(identity(found.subject(), token.get()), found.audiences()));
        } catch (ApiException _) {
            return Optional.empty(); // its account is gone
        }
    }

    private Identity identity(Subject subject, String token) {
        UserInfo info =
                switch (subject) {
                    case Subject.User user -> userInfo(user);
                    case Subject.ServiceAccount account -> userInfo(account, token);
                };
        return new Identity(info, Optional.of(subject.tenant()), Set.of(subject.tenant()), false);
    }

    private UserInfo userInfo(Subject.User user) {
        Account account =
                accounts.user(user.username(), user.uid())
                        .filter(a -> a.tenants().contains(user.tenant()))
                        .orElseThrow(Unauthorized::exception);
        return new UserInfo(
                account.username(), account.uid(), List.of(UserInfo.AUTHENTICATED), id(user));
    }

    private UserInfo userInfo(Subject.ServiceAccount account, String token) {
        ObjectKey key = new ObjectKey(account.tenant(), account.namespace(), account.name());
        boolean lives =
                accounts.serviceAccountLives(key, account.uid())
                        && account.bound().map(object -> lives(key, object, token)).orElse(true);
        if (!lives) {
            throw Unauthorized.exception();
        }
        return new UserInfo(
                "system:serviceaccount:" + account.namespace() + ":" + account.name(),
                account.uid(),
                List.of(
                        "system:serviceaccounts",
                        "system:serviceaccounts:" + account.namespace(),
                        UserInfo.AUTHENTICATED),
                extra(account));
    }

    /** Whether what the token is bound to is still there. */
    private boolean lives(ObjectKey account, TokenIssuer.Bound bound, String token) {
        if (!bound.holdsToken()) {
            return accounts.boundObjectLives(account, bound);
        }
        ObjectKey secret = new ObjectKey(account.tenant(), account.namespace(), bound.name());
        return secrets.holds(secret, bound.uid(), token);
    }

    private static Map<String, List<String>> extra(Subject.ServiceAccount account) {
        Map<String, List<String>> extra = new LinkedHashMap<>(id(account));
        account.bound()
                .filter(object -> !object.kind().equals("Secret"))
                .ifPresent(object -> {
                    String prefix =
                            "authentication.kubernetes.io/"
                                    + object.kind().toLowerCase(Locale.ROOT);
                    extra.put(prefix + "-name", List.of(object.name()));
                    extra.put(prefix + "-uid", List.of(object.uid()));
                });
        return extra;
    }

    private static Map<String, List<String>> id(Subject subject) {
        return Map.of(
                "authentication.kubernetes.io/credential-id", List.of("JTI=" + subject.tokenId()));
    }
}
