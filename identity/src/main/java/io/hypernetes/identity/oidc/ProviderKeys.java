package io.hypernetes.identity.oidc;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.json.Json;
import io.hypernetes.identity.remote.BoundedHttp;
import io.hypernetes.identity.remote.Trust;
import io.hypernetes.identity.remote.UnreachableException;

import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

import javax.net.ssl.SSLContext;

/**
 * The provider's public keys, found by its discovery document (OpenID Connect Discovery 1.0). They
 * are fetched when first needed, again each hour, and for a key that is not known at most every ten
 * seconds: who invents key ids does not make us ask the provider.
 */
final class ProviderKeys implements AutoCloseable {

    private record Known(JWKSet keys, Instant fetched) {}

    private static final Duration KEEP = Duration.ofHours(1);
    private static final Duration PAUSE = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final URI issuer;
    private final BoundedHttp http;
    private final Clock clock;
    private final ReentrantLock fetching = new ReentrantLock();

    /** Written with the lock. */
    private volatile Known known = new Known(new JWKSet(), Instant.MIN);

    ProviderKeys(OidcSettings settings, Clock clock) {
        SSLContext tls = Trust.context(settings.authorities(), Optional.empty());
        this.issuer = settings.issuer();
        this.http = new BoundedHttp("the OpenID provider", tls, PATIENCE);
        this.clock = clock;
    }

    /** Empty for a key that the provider does not have. Throws {@link UnreachableException}. */
    Optional<JWK> find(String keyId) {
        Known now = known;
        Optional<JWK> key = key(now, keyId);
        Duration limit = key.isPresent() ? KEEP : PAUSE;
        if (clock.instant().isBefore(soonest(now, limit))) {
            return key;
        }
        return fetch(keyId, limit);
    }

    private Optional<JWK> fetch(String keyId, Duration limit) {
        fetching.lock();
        try {
            if (!clock.instant().isBefore(soonest(known, limit))) {
                refresh();
            }
            return key(known, keyId);
        } finally {
            fetching.unlock();
        }
    }

    /** Keys that could not be fetched anew are good for as long as there are no others. */
    private void refresh() {
        Instant now = clock.instant();
        try {
            known = new Known(JWKSet.parse(get(keysAddress())), now);
        } catch (UnreachableException | ParseException e) {
            if (known.keys().isEmpty()) {
                throw new UnreachableException("the OpenID provider's keys cannot be had", e);
            }
            known = new Known(known.keys(), now);
        }
    }

    private URI keysAddress() {
        String document =
                issuer.toString().replaceAll("/$", "") + "/.well-known/openid-configuration";
        try {
            var discovered =
                    Json.parseObject(get(URI.create(document)).getBytes(StandardCharsets.UTF_8));
            if (!discovered.path("issuer").asString("").equals(issuer.toString())) {
                throw new UnreachableException("the discovery document is of another issuer");
            }
            URI address = URI.create(discovered.path("jwks_uri").asString(""));
            // What is fetched in the open could be anybody's keys.
            if (!"https".equals(address.getScheme())) {
                throw new UnreachableException("the provider's jwks_uri is not https");
            }
            return address;
        } catch (ApiException | IllegalArgumentException e) {
            throw new UnreachableException("the discovery document cannot be read", e);
        }
    }

    private String get(URI address) {
        BoundedHttp.Answer answer = http.send(HttpRequest.newBuilder(address).GET().build());
        if (answer.status() != 200) {
            throw new UnreachableException("the OpenID provider answers " + answer.status());
        }
        return new String(answer.body(), StandardCharsets.UTF_8);
    }

    private static Optional<JWK> key(Known known, String keyId) {
        return Optional.ofNullable(known.keys().getKeyByKeyId(keyId));
    }

    private static Instant soonest(Known known, Duration limit) {
        return known.fetched().equals(Instant.MIN) ? Instant.MIN : known.fetched().plus(limit);
    }

    @Override
    public void close() {
        http.close();
    }
}
