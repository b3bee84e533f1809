package io.hypernetes.identity.certificate;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

import io.hypernetes.api.Tenant;
import io.hypernetes.api.access.Authenticator;
import io.hypernetes.api.access.Credentials;
import io.hypernetes.api.access.Identity;
import io.hypernetes.api.access.UserInfo;
import io.hypernetes.identity.Unauthorized;
import io.hypernetes.identity.pki.CertificateAuthority;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/**
 * The common name is the user, organizations are groups; organizations {@code tenant:NAME} are
 * tenants. A certificate without a tenant belongs to the system world.
 *
 * <p>A tenant's certificate carries no {@code system:} group, whatever its organizations say:
 * {@code system:masters} and {@code system:nodes} are the operator's.
 */
public final class CertificateAuthenticator implements Authenticator {

    private static final Logger LOG = LoggerFactory.getLogger(CertificateAuthenticator.class);
    private static final String CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";

    private final X509Certificate authority;
    private final Clock clock;

    /**
     * By the very object, which its connection holds: a signature is checked once for a connection,
     * not once for a request.
     */
    private final Cache<X509Certificate, Identity> known = Caffeine.newBuilder().weakKeys().build();

    public CertificateAuthenticator(X509Certificate authority, Clock clock) {
        this.authority = authority;
        this.clock = clock;
    }

    @Override
    public Optional<Identity> authenticate(Credentials credentials) {
        return credentials.certificate().map(this::identity);
    }

    private Identity identity(X509Certificate certificate) {
        try {
            certificate.checkValidity(Date.from(clock.instant()));
            Identity identity = known.getIfPresent(certificate);
            if (identity == null) {
                verify(certificate);
                identity = read(certificate);
                known.put(certificate, identity);
            }
            return identity;
        } catch (GeneralSecurityException | InvalidNameException | IllegalArgumentException e) {
            LOG.debug("a client certificate is refused: {}", e.getMessage());
            throw Unauthorized.exception();
        }
    }

    private void verify(X509Certificate certificate) throws GeneralSecurityException {
        if (!certificate.getIssuerX500Principal().equals(authority.getSubjectX500Principal())) {
            throw new GeneralSecurityException("issued by somebody else");
        }
        certificate.verify(authority.getPublicKey());
        List<String> purposes = certificate.getExtendedKeyUsage();
        if (purposes == null || !purposes.contains(CLIENT_AUTH)) {
            throw new GeneralSecurityException("not for clients");
        }
        if (certificate.getBasicConstraints() >= 0) {
            throw new GeneralSecurityException("an authority is no client");
        }
    }

    private static Identity read(X509Certificate certificate) throws InvalidNameException {
        LdapName subject = new LdapName(certificate.getSubjectX500Principal().getName());
        String user = "";
        List<String> groups = new ArrayList<>();
        Set<Tenant> tenants = new LinkedHashSet<>();
        // RFC 2253 writes the last name first, LdapName counts from the right: the order is kept.
        for (Rdn part : subject.getRdns()) {
            String value = part.getValue() instanceof String text ? text : "";
            if (part.getType().equalsIgnoreCase("CN")) {
                user = value;
            } else if (part.getType().equalsIgnoreCase("O")) {
                if (value.startsWith(CertificateAuthority.TENANT_ORGANIZATION)) {
                    tenants.add(
                            new Tenant(
                                    value.substring(
                                            CertificateAuthority.TENANT_ORGANIZATION.length())));
                } else {
                    groups.add(value);
                }
            }
        }
        if (user.isEmpty()) {
            throw new IllegalArgumentException("no common name");
        }
        return tenants.isEmpty() ? ofSystem(user, groups) : ofTenants(user, groups, tenants);
    }

    private static Identity ofSystem(String user, List<String> groups) {
        boolean operator = groups.contains(UserInfo.MASTERS);
        return new Identity(
                info(user, groups), Optional.of(Tenant.SYSTEM), Set.of(Tenant.SYSTEM), operator);
    }

    private static Identity ofTenants(String user, List<String> groups, Set<Tenant> tenants) {
        if (user.startsWith("system:")) {
            throw new IllegalArgumentException("a tenant's user cannot be " + user);
        }
        groups.removeIf(group -> group.startsWith("system:"));
        Optional<Tenant> home =
                tenants.size() == 1 ? Optional.of(tenants.iterator().next()) : Optional.empty();
        return new Identity(info(user, groups), home, Set.copyOf(tenants), false);
    }

    private static UserInfo info(String user, List<String> groups) {
        List<String> all = new ArrayList<>(groups);
        all.add(UserInfo.AUTHENTICATED);
        return new UserInfo(user, "", List.copyOf(all), Map.of());
    }
}
