package io.hypernetes.api.custom;

import io.hypernetes.api.types.kind.Field;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Base64;
import java.util.Optional;

/** The certificates by which a conversion webhook is known; in upstream's words. */
final class CertificateBundles {
    private CertificateBundles() {}

    /** A bundle that was no better before may stay. */
    static void check(Field conversion, Field old) {
        Field given = bundle(conversion);
        if (given.isGiven() && problem(bundle(old).text()).isEmpty()) {
            problem(given.text())
                    .ifPresent(problem ->
                            given.named(conversion.path() + ".webhookClientConfig.caBundle")
                                    .invalid("unable to load root certificates: " + problem));
        }
    }

    private static Field bundle(Field conversion) {
        return conversion.at("webhook", "clientConfig", "caBundle");
    }

    /** Of no bundle there is none. */
    private static Optional<String> problem(String base64) {
        if (base64.isEmpty()) {
            return Optional.empty();
        }
        byte[] bytes = Base64.getDecoder().decode(base64);
        if (!new String(bytes, StandardCharsets.ISO_8859_1).contains("-----BEGIN ")) {
            return Optional.of("unable to parse bytes as PEM block");
        }
        try {
            boolean none =
                    CertificateFactory.getInstance("X.509")
                            .generateCertificates(new ByteArrayInputStream(bytes))
                            .isEmpty();
            return none
                    ? Optional.of("no valid certificate authority data seen")
                    : Optional.empty();
        } catch (CertificateException e) {
            return Optional.of("failed to parse certificate: x509: malformed certificate");
        }
    }
}
