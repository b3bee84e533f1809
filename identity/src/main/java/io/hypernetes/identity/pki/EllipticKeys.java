package io.hypernetes.identity.pki;

import org.bouncycastle.jcajce.provider.asymmetric.util.EC5Util;
import org.bouncycastle.jce.ECNamedCurveTable;
import org.bouncycastle.jce.spec.ECNamedCurveParameterSpec;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECPublicKeySpec;

/** Key pairs on P-256. */
final class EllipticKeys {

    private static final String CURVE = "secp256r1";

    private EllipticKeys() {}

    static KeyPair generate() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec(CURVE));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new PkiException("this Java has no elliptic curve " + CURVE, e);
        }
    }

    /** The public half: the private number times the curve's base point. */
    static ECPublicKey publicKey(ECPrivateKey key) {
        try {
            ECNamedCurveParameterSpec curve = ECNamedCurveTable.getParameterSpec(CURVE);
            ECPublicKeySpec spec =
                    new ECPublicKeySpec(
                            EC5Util.convertPoint(curve.getG().multiply(key.getS()).normalize()),
                            key.getParams());
            return (ECPublicKey) KeyFactory.getInstance("EC").generatePublic(spec);
        } catch (GeneralSecurityException e) {
            throw new PkiException("the public key cannot be computed", e);
        }
    }
}
