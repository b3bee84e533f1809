package io.hypernetes.api.types.certificates;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A PKCS#10 request (RFC 2986): that it is one and that its key signed it, and what groups its
 * subject asks for.
 */
public final class Pkcs10 {

    private static final String ORGANIZATION = "2.5.4.10";

    /** Algorithms by the object identifiers that name them. */
    private static final Map<String, String> SIGNATURES =
            Map.of(
                    "1.2.840.113549.1.1.5", "SHA1withRSA",
                    "1.2.840.113549.1.1.11", "SHA256withRSA",
                    "1.2.840.113549.1.1.12", "SHA384withRSA",
                    "1.2.840.113549.1.1.13", "SHA512withRSA",
                    "1.2.840.10045.4.3.2", "SHA256withECDSA",
                    "1.2.840.10045.4.3.3", "SHA384withECDSA",
                    "1.2.840.10045.4.3.4", "SHA512withECDSA",
                    "1.3.101.112", "Ed25519");

    private static final Map<String, String> KEYS =
            Map.of(
                    "1.2.840.113549.1.1.1", "RSA",
                    "1.2.840.10045.2.1", "EC",
                    "1.3.101.112", "Ed25519");

    private Pkcs10() {}

    /**
     * @param base64 of the PEM text, as JSON carries it
     * @return what is wrong
     */
    static Optional<String> problem(String base64) {
        List<PemBlock> blocks = PemBlock.inBase64(base64);
        if (blocks.isEmpty() || !blocks.getFirst().type().equals("CERTIFICATE REQUEST")) {
            return Optional.of("PEM block type must be CERTIFICATE REQUEST");
        }
        try {
            return verify(blocks.getFirst().content())
                    ? Optional.empty()
                    : Optional.of("x509: signature does not match the key of the request");
        } catch (DerException e) {
            return Optional.of("asn1: structure error: " + e.getMessage());
        } catch (GeneralSecurityException e) {
            return Optional.of("x509: cannot verify signature: " + e.getMessage());
        }
    }

    /**
     * What the subject would be a member of; nothing where {@link #problem} finds that it is no
     * request.
     *
     * @param base64 of the PEM text, as JSON carries it
     */
    public static List<String> organizations(String base64) {
        List<PemBlock> blocks = PemBlock.inBase64(base64);
        if (blocks.isEmpty()) {
            return List.of();
        }
        try {
            Der outer = Der.read(blocks.getFirst().content()).enter(Der.SEQUENCE);
            Der fields = outer.next().enter(Der.SEQUENCE);
            fields.next(); // version
            return organizations(fields.next().enter(Der.SEQUENCE));
        } catch (DerException _) {
            return List.of();
        }
    }

    private static List<String> organizations(Der name) {
        List<String> organizations = new ArrayList<>();
        while (name.hasNext()) {
            Der attributes = name.next().enter(Der.SET);
            while (attributes.hasNext()) {
                Der attribute = attributes.next().enter(Der.SEQUENCE);
                if (attribute.next().objectIdentifier().equals(ORGANIZATION)) {
                    organizations.add(attribute.next().text());
                }
            }
        }
        return organizations;
    }

    private static boolean verify(byte[] request) throws GeneralSecurityException {
        Der outer = Der.read(request).enter(Der.SEQUENCE);
        Der info = outer.next();
        Der algorithm = outer.next();
        Der signature = outer.next();
        Der fields = info.enter(Der.SEQUENCE);
        fields.next(); // version
        fields.next(); // subject
        Der key = fields.next();
        Der keyAlgorithm = key.enter(Der.SEQUENCE).next();
        String keyOid = keyAlgorithm.enter(Der.SEQUENCE).next().objectIdentifier();
        String signatureOid = algorithm.enter(Der.SEQUENCE).next().objectIdentifier();
        String keyType = KEYS.get(keyOid);
        String signatureType = SIGNATURES.get(signatureOid);
        if (keyType == null || signatureType == null) {
            throw new GeneralSecurityException("algorithm unimplemented");
        }
        PublicKey publicKey =
                KeyFactory.getInstance(keyType)
                        .generatePublic(new X509EncodedKeySpec(key.encoded()));
        Signature verifier = Signature.getInstance(signatureType);
        verifier.initVerify(publicKey);
        verifier.update(info.encoded());
        return verifier.verify(signature.bits());
    }
}
