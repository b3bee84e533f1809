package io.hypernetes.runtime.image;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The name of content by its hash, as {@code sha256:<hex>} (OCI image specification, descriptors).
 * SHA-512, the only other registered algorithm, is understood too.
 */
public record Digest(String algorithm, String hex) {

    private static final Pattern FORM = Pattern.compile("sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128}");

    public Digest {
        if (!FORM.matcher(algorithm + ":" + hex).matches()) {
            throw ImageException.invalid("not a digest: '" + algorithm + ":" + hex + "'");
        }
    }

    /** Parses {@code algorithm:hex}. */
    public static Digest parse(String text) {
        int colon = text.indexOf(':');
        if (colon < 0) {
            throw ImageException.invalid("not a digest: '" + text + "'");
        }
        return new Digest(text.substring(0, colon), text.substring(colon + 1));
    }

    /** The SHA-256 of these bytes. */
    public static Digest of(byte[] bytes) {
        return finish("sha256", hasher("sha256").digest(bytes));
    }

    /** The SHA-256 of a file. */
    public static Digest of(Path file) throws IOException {
        MessageDigest hasher = hasher("sha256");
        try (InputStream in = Files.newInputStream(file)) {
            byte[] buffer = new byte[1 << 16];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                hasher.update(buffer, 0, n);
            }
        }
        return finish("sha256", hasher.digest());
    }

    /** A hasher of this digest's algorithm. */
    MessageDigest hasher() {
        return hasher(algorithm);
    }

    /** Throws unless the hasher has seen the content of this name. */
    void verify(MessageDigest hasher, String what) {
        Digest actual = finish(algorithm, hasher.digest());
        if (!actual.equals(this)) {
            throw ImageException.invalid(
                    what + " has digest " + actual + " where " + this + " was promised");
        }
    }

    private static Digest finish(String algorithm, byte[] hash) {
        return new Digest(algorithm, HexFormat.of().formatHex(hash));
    }

    private static MessageDigest hasher(String algorithm) {
        try {
            return MessageDigest.getInstance(
                    algorithm.toUpperCase(Locale.ROOT).replace("SHA", "SHA-"));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-2", e);
        }
    }

    @Override
    public String toString() {
        return algorithm + ":" + hex;
    }
}
