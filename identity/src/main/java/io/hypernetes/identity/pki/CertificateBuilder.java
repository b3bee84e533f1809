package io.hypernetes.identity.pki;

import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.regex.Pattern;

/** Builds the three shapes of certificate that we need (RFC 5280 profiles). */
final class CertificateBuilder {

    /** Clocks of two machines may differ so much. */
    private static final Duration SKEW = Duration.ofMinutes(5);

    private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|[0-9a-fA-F:]*:[0-9a-fA-F:.]*");
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Clock clock;

    CertificateBuilder(Clock clock) {
        this.clock = clock;
    }

    static X500Name subject(String commonName, Collection<String> organizations) {
        X500NameBuilder name = new X500NameBuilder(BCStyle.INSTANCE);
        organizations.forEach(organization -> name.addRDN(BCStyle.O, organization));
        return name.addRDN(BCStyle.CN, commonName).build();
    }

    X509Certificate authority(X500Name name, PublicKey key, PrivateKey signer, Duration life) {
        try {
            JcaX509v3CertificateBuilder builder = builder(name, name, key, life);
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
            builder.addExtension(
                    Extension.keyUsage,
                    true,
                    new KeyUsage(KeyUsage.keyCertSign | KeyUsage.digitalSignature));
            builder.addExtension(
                    Extension.subjectKeyIdentifier,
                    false,
                    new JcaX509ExtensionUtils().createSubjectKeyIdentifier(key));
            return sign(builder, signer);
        } catch (GeneralSecurityException | CertIOException e) {
            throw new PkiException("a certificate cannot be built", e);
        }
    }

    X509Certificate server(
            KeyedCertificate authority,
            X500Name name,
            PublicKey key,
            Collection<String> hosts,
            Duration life) {
        GeneralNames names =
                new GeneralNames(
                        hosts.stream()
                                .map(CertificateBuilder::generalName)
                                .toArray(GeneralName[]::new));
        try {
            JcaX509v3CertificateBuilder builder =
                    leaf(authority, name, key, life, List.of(KeyPurposeId.id_kp_serverAuth));
            builder.addExtension(Extension.subjectAlternativeName, false, names);
            return sign(builder, authority.key());
        } catch (GeneralSecurityException | CertIOException e) {
            throw new PkiException("a certificate cannot be built", e);
        }
    }

    X509Certificate client(
            KeyedCertificate authority, X500Name name, PublicKey key, Duration life) {
        try {
            return sign(
                    leaf(authority, name, key, life, List.of(KeyPurposeId.id_kp_clientAuth)),
                    authority.key());
        } catch (GeneralSecurityException | CertIOException e) {
            throw new PkiException("a certificate cannot be built", e);
        }
    }

    private JcaX509v3CertificateBuilder leaf(
            KeyedCertificate authority,
            X500Name name,
            PublicKey key,
            Duration life,
            List<KeyPurposeId> purposes)
            throws GeneralSecurityException, CertIOException {
        X500Name issuer =
                X500Name.getInstance(
                        authority.certificate().getSubjectX500Principal().getEncoded());
        JcaX509v3CertificateBuilder builder = builder(issuer, name, key, life);
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
        builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
        builder.addExtension(
                Extension.extendedKeyUsage,
                false,
                new ExtendedKeyUsage(purposes.toArray(KeyPurposeId[]::new)));
        builder.addExtension(
                Extension.authorityKeyIdentifier,
                false,
                new JcaX509ExtensionUtils()
                        .createAuthorityKeyIdentifier(authority.certificate().getPublicKey()));
        return builder;
    }

    private JcaX509v3CertificateBuilder builder(
            X500Name issuer, X500Name subject, PublicKey key, Duration life) {
        Instant now = clock.instant();
        BigInteger serial = new BigInteger(127, RANDOM).add(BigInteger.ONE);
        return new JcaX509v3CertificateBuilder(
                issuer,
                serial,
                Date.from(now.minus(SKEW)),
                Date.from(now.plus(life)),
                subject,
                key);
    }

    private static X509Certificate sign(X509v3CertificateBuilder builder, PrivateKey signer)
            throws GeneralSecurityException {
        try {
            return new JcaX509CertificateConverter()
                    .getCertificate(
                            builder.build(
                                    new JcaContentSignerBuilder("SHA256withECDSA").build(signer)));
        } catch (OperatorCreationException e) {
            throw new PkiException("a certificate cannot be signed", e);
        }
    }

    /**
     * Whether a certificate says that this authority's key signed it (RFC 5280, 4.2.1.1): what is
     * of another authority is told, not what is forged.
     */
    static boolean namesKeyOf(X509Certificate authority, X509Certificate certificate)
            throws GeneralSecurityException {
        try {
            byte[] key =
                    new JcaX509ExtensionUtils()
                            .createAuthorityKeyIdentifier(authority.getPublicKey())
                            .getEncoded();
            byte[] expected = new DEROctetString(key).getEncoded();
            String extension = Extension.authorityKeyIdentifier.getId();
            return Arrays.equals(expected, certificate.getExtensionValue(extension));
        } catch (IOException e) {
            throw new PkiException("the identifier of a key cannot be encoded", e);
        }
    }

    private static GeneralName generalName(String host) {
        boolean address = ADDRESS.matcher(host).matches();
        return new GeneralName(address ? GeneralName.iPAddress : GeneralName.dNSName, host);
    }
}
