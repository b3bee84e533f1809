package io.hypernetes.identity.password;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;

import io.hypernetes.api.access.Authenticator;
import io.hypernetes.api.access.Credentials;
import io.hypernetes.api.access.Identity;
import io.hypernetes.identity.AuthorizationHeader;
import io.hypernetes.identity.CredentialDigest;
import io.hypernetes.identity.Unauthorized;
import io.hypernetes.identity.account.Account;
import io.hypernetes.identity.account.Accounts;

import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * User name and password by HTTP Basic.
 *
 * <p>A right password is remembered for a minute, as an HMAC under a key of this process and
 * together with the hash it fitted: a changed hash or a deleted user makes the memory worthless at
 * once. An unknown user costs as much time as a known one. Guessing is slowed down by user name,
 * and only as many hashes are computed at once as there are processors.
 */
public final class PasswordAuthenticator implements Authenticator {

    private static final Duration REMEMBER = Duration.ofMinutes(1);
    private static final int REMEMBERED = 10_000;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Accounts accounts;
    private final Attempts attempts;
    private final Cache<ByteBuffer, String> hashByLogin;
    private final CredentialDigest digest = new CredentialDigest();
    private final String nobodysHash;
    private final Semaphore processors =
            new Semaphore(Runtime.getRuntime().availableProcessors(), true);

    public PasswordAuthenticator(Accounts accounts, Clock clock) {
        this.accounts = accounts;
        this.attempts = new Attempts(clock);
        this.hashByLogin =
                Caffeine.newBuilder()
                        .maximumSize(REMEMBERED)
                        .expireAfterWrite(REMEMBER)
                        .ticker(ticker(clock))
                        .build();
        this.nobodysHash = PasswordHash.ofNobody();
    }

    @Override
    public Optional<Identity> authenticate(Credentials credentials) {
        return AuthorizationHeader.basic(credentials).map(this::identity);
    }

    private Identity identity(AuthorizationHeader.Basic login) {
        Optional<Account> account = accounts.user(login.username());
        Optional<String> hash = account.flatMap(accounts::passwordHash);
        ByteBuffer remembered = digest.of(login.username(), login.password());
        if (hash.isEmpty() || !hash.get().equals(hashByLogin.getIfPresent(remembered))) {
            attempts.begin(login.username())
                    .ifPresent(wait -> {
                        throw Attempts.tooMany(wait);
                    });
            if (!fits(login.password(), hash.orElse(nobodysHash)) || hash.isEmpty()) {
                throw Unauthorized.exception();
            }
            attempts.succeeded(login.username());
            hashByLogin.put(remembered, hash.get());
        }
        Account user = account.orElseThrow(Unauthorized::exception);
        return new Identity(user.userInfo(), user.home(), user.tenants(), false);
    }

    private boolean fits(String password, String hash) {
        try {
            if (!processors.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                throw Attempts.tooMany(Duration.ofSeconds(1));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Unauthorized.exception();
        }
        try {
            return PasswordHash.fits(password, hash);
        } finally {
            processors.release();
        }
    }

    private static Ticker ticker(Clock clock) {
        return () -> TimeUnit.MILLISECONDS.toNanos(clock.millis());
    }
}
