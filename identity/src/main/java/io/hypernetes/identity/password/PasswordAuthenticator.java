package io.hypernetes.identity.password;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.Status;
import io.hypernetes.api.Status.Reason;
import io.hypernetes.api.access.Authenticator;
import io.hypernetes.api.access.Credentials;
import io.hypernetes.api.access.Identity;
import io.hypernetes.identity.Unauthorized;
import io.hypernetes.identity.account.Account;
import io.hypernetes.identity.account.Accounts;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * User name and password by HTTP Basic.
 *
 * <p>A right password is remembered for a minute, as an HMAC under a key of this process and
 * together with the hash it fitted: a changed hash or a deleted user makes the memory worthless at
 * once. An unknown user costs as much time as a known one. Guessing is slowed down by user name,
 * and only as many hashes are computed at once as there are processors.
 */
public final class PasswordAuthenticator implements Authenticator {

    private record Login(String username, String password) {
        @Override
        public String toString() {
            return "Login[withheld]";
        }
    }

    private static final String BASIC = "basic ";
    private static final int LONGEST_HEADER = 4096;
    private static final Duration REMEMBER = Duration.ofMinutes(1);
    private static final int REMEMBERED = 10_000;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Accounts accounts;
    private final Attempts attempts;
    private final Cache<ByteBuffer, String> hashByLogin;
    private final SecretKeySpec secret;
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
        byte[] random = new byte[32];
        new SecureRandom().nextBytes(random);
        this.secret = new SecretKeySpec(random, "HmacSHA256");
        this.nobodysHash = PasswordHash.ofNobody();
    }

    @Override
    public Optional<Identity> authenticate(Credentials credentials) {
        return credentials
                .authorization()
                .filter(header -> header.regionMatches(true, 0, BASIC, 0, BASIC.length()))
                .map(PasswordAuthenticator::login)
                .map(this::identity);
    }

    private Identity identity(Login login) {
        Optional<Account> account = accounts.user(login.username());
        Optional<String> hash = account.flatMap(accounts::passwordHash);
        ByteBuffer remembered = digest(login);
        if (hash.isEmpty() || !hash.get().equals(hashByLogin.getIfPresent(remembered))) {
            attempts.begin(login.username())
                    .ifPresent(wait -> {
                        throw tooMany(wait);
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
                throw tooMany(Duration.ofSeconds(1));
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

    private static Login login(String header) {
        if (header.length() > LONGEST_HEADER) {
            throw Unauthorized.exception();
        }
        try {
            byte[] bytes = Base64.getDecoder().decode(header.substring(BASIC.length()).strip());
            String text = new String(bytes, StandardCharsets.UTF_8);
            int colon = text.indexOf(':');
            if (colon <= 0) {
                throw Unauthorized.exception();
            }
            return new Login(text.substring(0, colon), text.substring(colon + 1));
        } catch (IllegalArgumentException _) {
            throw Unauthorized.exception();
        }
    }

    /** A user name has no colon, so that two logins never have the same text. */
    private ByteBuffer digest(Login login) {
        try {
            Mac mac = Mac.getInstance(secret.getAlgorithm());
            mac.init(secret);
            String text = login.username() + ":" + login.password();
            return ByteBuffer.wrap(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has HMAC-SHA-256", e);
        }
    }

    private static ApiException tooMany(Duration wait) {
        int seconds = (int) Math.max(1, wait.toSeconds());
        Status.Details details = new Status.Details("", "", "", "", List.of(), seconds);
        return new ApiException(
                new Status(
                        Reason.TOO_MANY_REQUESTS.code(),
                        Reason.TOO_MANY_REQUESTS,
                        "Too many failed logins, please try again later.",
                        Optional.of(details)));
    }

    private static Ticker ticker(Clock clock) {
        return () -> TimeUnit.MILLISECONDS.toNanos(clock.millis());
    }
}
