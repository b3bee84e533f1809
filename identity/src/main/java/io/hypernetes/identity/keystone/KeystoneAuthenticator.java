package io.hypernetes.identity.keystone;

import io.hypernetes.api.Tenant;
import io.hypernetes.api.access.Authenticator;
import io.hypernetes.api.access.Credentials;
import io.hypernetes.api.access.Identity;
import io.hypernetes.api.client.Client;
import io.hypernetes.identity.AuthorizationHeader;
import io.hypernetes.identity.CredentialDigest;
import io.hypernetes.identity.Unauthorized;
import io.hypernetes.identity.password.Attempts;
import io.hypernetes.identity.remote.Confirmations;
import io.hypernetes.identity.remote.UnreachableException;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Passwords (HTTP Basic), tokens (bearer) and application credentials, checked by Keystone.
 *
 * <p>What Keystone confirmed is remembered as {@link Confirmations} says; each question is asked
 * with the credentials of the request that asks, so that none is kept. When Keystone cannot be
 * asked, who is not remembered gets a 401.
 */
public final class KeystoneAuthenticator implements Authenticator, AutoCloseable {

    /** Before the id of an application credential, as the user name of HTTP Basic. */
    public static final String APPLICATION_CREDENTIAL = "application-credential/";

    /** Somebody, as long as the token on which it rests lives. */
    private record Confirmed(Identity identity, Instant expires) {}

    private static final Logger LOG = LoggerFactory.getLogger(KeystoneAuthenticator.class);

    private final KeystoneClient keystone;
    private final Projects projects;
    private final Optional<NameHolders> holders;
    private final People people;
    private final Clock clock;
    private final Attempts attempts;
    private final String defaultDomain;
    private final CredentialDigest digest = new CredentialDigest();
    private final Confirmations<Confirmed> confirmations;

    public KeystoneAuthenticator(KeystoneSettings settings, Client client, Clock clock) {
        this(
                settings,
                new TenantProjects(client, settings.defaultDomain()),
                Optional.of(new NameHolders(client)),
                clock);
    }

    /** Says who somebody is; nobody has a tenant. */
    public static KeystoneAuthenticator withoutTenants(KeystoneSettings settings, Clock clock) {
        return new KeystoneAuthenticator(settings, Projects.NONE, Optional.empty(), clock);
    }

    private KeystoneAuthenticator(
            KeystoneSettings settings,
            Projects projects,
            Optional<NameHolders> holders,
            Clock clock) {
        this.keystone = new KeystoneClient(settings);
        this.projects = projects;
        this.holders = holders;
        this.people = new People(settings, keystone, projects, clock);
        this.clock = clock;
        this.attempts = new Attempts(clock);
        this.defaultDomain = settings.defaultDomain();
        this.confirmations =
                new Confirmations<>(settings.freshCredentials(), settings.grace(), clock);
    }

    public KeystoneAuthenticator start() {
        projects.start();
        holders.ifPresent(NameHolders::start);
        return this;
    }

    /** Until then nobody has a tenant. */
    public void awaitSynced() throws InterruptedException {
        projects.awaitSynced();
        if (holders.isPresent()) {
            holders.get().awaitSynced();
        }
    }

    @Override
    public Optional<Identity> authenticate(Credentials credentials) {
        Optional<Tenant> wanted = credentials.wanted();
        Optional<AuthorizationHeader.Basic> basic = AuthorizationHeader.basic(credentials);
        try {
            if (basic.isPresent()) {
                return Optional.of(password(basic.get(), wanted));
            }
            return AuthorizationHeader.bearer(credentials)
                    .map(AuthorizationHeader.Bearer::token)
                    .filter(TokenForm::isKeystone)
                    .map(token -> token(token, wanted));
        } catch (UnreachableException e) {
            LOG.debug("a login is refused: {}", e.getMessage());
            throw Unauthorized.exception();
        }
    }

    private Identity token(String token, Optional<Tenant> wanted) {
        ByteBuffer key = digest.of("token", token, text(wanted));
        return confirmed(
                key,
                () -> keystone.validate(token).flatMap(about -> confirm(token, about, wanted)));
    }

    private Identity password(AuthorizationHeader.Basic login, Optional<Tenant> wanted) {
        ByteBuffer key = digest.of("password", login.username(), login.password(), text(wanted));
        boolean counted = !confirmations.knows(key);
        if (counted) {
            attempts.begin(login.username())
                    .ifPresent(wait -> {
                        throw Attempts.tooMany(wait);
                    });
        }
        Identity identity;
        try {
            identity = confirmed(key, () -> logIn(login, wanted));
        } catch (UnreachableException e) {
            attempts.succeeded(login.username()); // nothing was tried
            throw e;
        }
        if (counted) {
            attempts.succeeded(login.username());
        }
        return identity;
    }

    /**
     * Keystone refuses a wrong password and a project that is not the user's with the same words.
     * Who has the right password is let in without a tenant, so that every tenant that is not
     * theirs gets the same answer, whether there is such a tenant or not.
     */
    private Optional<Confirmed> logIn(AuthorizationHeader.Basic login, Optional<Tenant> wanted) {
        Proof proof = proof(login);
        Optional<Scope> scope =
                proof instanceof Proof.Password ? wanted.map(projects::scope) : Optional.empty();
        return scope.flatMap(asked -> logIn(proof, asked, wanted))
                .or(() -> logIn(proof, new Scope.ByDefault(), Optional.empty()));
    }

    private Optional<Confirmed> logIn(Proof proof, Scope scope, Optional<Tenant> wanted) {
        return keystone.authenticate(proof, scope)
                .flatMap(grant -> confirm(grant.value(), grant.token(), wanted));
    }

    private Proof proof(AuthorizationHeader.Basic login) {
        if (login.username().startsWith(APPLICATION_CREDENTIAL)) {
            String id = login.username().substring(APPLICATION_CREDENTIAL.length());
            return new Proof.ApplicationCredential(id, Optional.empty(), login.password());
        }
        Named.Written name = Named.Written.parse(login.username());
        return new Proof.Password(
                new Proof.Who.Name(name.name(), name.domain(), defaultDomain), login.password());
    }

    private Optional<Confirmed> confirm(
            String value, KeystoneToken token, Optional<Tenant> wanted) {
        return people.identity(value, token, wanted)
                .map(identity -> new Confirmed(identity, token.expires()));
    }

    private Identity confirmed(ByteBuffer key, Supplier<Optional<Confirmed>> question) {
        return confirmations
                .get(key, question)
                .filter(known -> clock.instant().isBefore(known.expires()))
                .map(Confirmed::identity)
                .filter(this::mayUseName)
                .orElseThrow(Unauthorized::exception);
    }

    private boolean mayUseName(Identity identity) {
        boolean may = holders.map(known -> known.mayUseName(identity.user())).orElse(true);
        if (!may) {
            LOG.info(
                    "user {} of Keystone, id {}, is refused: a User object holds this name for"
                            + " another user of Keystone; who has the name now gets in when the"
                            + " object is deleted",
                    identity.user().name(),
                    identity.user().uid());
        }
        return may;
    }

    private static String text(Optional<Tenant> wanted) {
        return wanted.map(Tenant::name).orElse("");
    }

    @Override
    public void close() {
        confirmations.close();
        projects.close();
        holders.ifPresent(NameHolders::close);
        keystone.close();
    }
}
