package io.hypernetes.identity.pki;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.EnumSet;

/** Keys and certificates as PEM text (RFC 7468) and as files. */
final class Pem {

    private static final Base64.Encoder LINES = Base64.getMimeEncoder(64, new byte[] {'\n'});
    private static final String CERTIFICATE = "CERTIFICATE";
    private static final String PRIVATE_KEY = "PRIVATE KEY";

    private Pem() {}

    static String of(X509Certificate certificate) {
        try {
            return block(CERTIFICATE, certificate.getEncoded());
        } catch (CertificateEncodingException e) {
            throw new PkiException("a certificate cannot be encoded", e);
        }
    }

    static String of(PrivateKey key) {
        return block(PRIVATE_KEY, key.getEncoded());
    }

    static X509Certificate readCertificate(Path file) {
        try (InputStream in = new ByteArrayInputStream(Files.readAllBytes(file))) {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(in);
        } catch (IOException | CertificateException e) {
            throw unreadable(file, e);
        }
    }

    /** A PKCS #8 key on an elliptic curve. */
    static PrivateKey readKey(Path file) {
        try {
            String text = Files.readString(file, StandardCharsets.US_ASCII);
            String body =
                    text.replace("-----BEGIN " + PRIVATE_KEY + "-----", "")
                            .replace("-----END " + PRIVATE_KEY + "-----", "");
            byte[] der = Base64.getMimeDecoder().decode(body);
            return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(der));
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            throw unreadable(file, e);
        }
    }

    /**
     * Writes so that a crash leaves the old file or the new one, never half of one, and so that the
     * secret is at no instant readable by others.
     */
    static void write(Path file, String text) {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        try {
            Files.deleteIfExists(fresh);
            try (FileChannel channel =
                    FileChannel.open(
                            fresh,
                            EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                            PosixFilePermissions.asFileAttribute(
                                    PosixFilePermissions.fromString("rw-------")))) {
                ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            Files.move(
                    fresh,
                    file,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new PkiException(
                    "cannot write " + file + ": is the disk full, or the folder not ours?", e);
        }
    }

    private static PkiException unreadable(Path file, Exception cause) {
        return new PkiException(
                file
                        + " is damaged: put it back from a backup, or remove the folder "
                        + file.getParent()
                        + " to make new keys (every kubeconfig must then be made again)",
                cause);
    }

    static String block(String label, byte[] der) {
        return "-----BEGIN "
                + label
                + "-----\n"
                + LINES.encodeToString(der)
                + "\n-----END "
                + label
                + "-----\n";
    }
}
