package io.hypernetes.api.types.certificates;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.fuzzing.Fuzz;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.ByteRange;
import net.jqwik.api.constraints.IntRange;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/** Requests and certificates are a stranger's bytes: whatever they are, the answer is an error. */
class Pkcs10FuzzTest {
    private static final String GOOD =
            "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0KTUlITE1IUUNBUUF3RWpFUU"
                    + "1BNEdBMVVFQXd3SFpYaGhiWEJzWlRCWk1CTUdCeXFHU000OUFnRUdDQ3FHU000OQpBd0VI"
                    + "QTBJQUJOWXRhbE9keTVuNmhhMWxnYzI4YlpkKzBnUExkN3J2Zi95elRMd1E5eWdoVEM0Mj"
                    + "NLL2trQkRUCmIwUVpiMThybHk3bDAyTlk2UmNHSXRyYTdvTVpnd3FnQURBS0JnZ3Foa2pP"
                    + "UFFRREFnTkhBREJFQWlBZE80OWYKeHlVWU5Hd0hzSGZSQ29YYjF0T0RBaE5UZGhNRWYyeG"
                    + "ZNNXU2b3dJZ1VUUzlza09aRlE0c1RVKyt3eWdWUjNvawp1TnpZd0xtODlxQThEVHpUT2Z3"
                    + "PQotLS0tLUVORCBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0K";

    private static final byte[] DER = PemBlock.inBase64(GOOD).getFirst().content();

    /** Beginnings of sequences, sets, texts and numbers. */
    private static final List<String> DER_WORDS =
            List.of(
                    "\u0030\u0082\u0001\u0000",
                    "\u0030\u0080",
                    "\u0030\u0084\u007f\u00ff\u00ff\u00ff",
                    "\u0031\u0000",
                    "\u0002\u0001\u0000",
                    "\u0006\u0003\u0055\u0004\u0003",
                    "\u000c\u0001a",
                    "\u00a0\u0000",
                    "\u0000");

    /** As in {@code spec.request}. */
    private static String pem(String type, byte[] content) {
        String text =
                "-----BEGIN "
                        + type
                        + "-----\n"
                        + Base64.getMimeEncoder().encodeToString(content)
                        + "\n-----END "
                        + type
                        + "-----\n";
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void aRequestThatItsKeySignedIsGood() {
        assertThat(Pkcs10.problem(GOOD)).isEmpty();
        assertThat(Pkcs10.problem(pem("CERTIFICATE REQUEST", DER))).isEmpty();
    }

    @Property(tries = 2_000)
    void aChangedByteIsFound(
            @ForAll @IntRange(max = 100_000) int place, @ForAll @ByteRange(min = 1) byte change) {
        byte[] changed = DER.clone();
        int at = place % changed.length;
        changed[at] = (byte) (changed[at] ^ change);
        assertThat(Pkcs10.problem(pem("CERTIFICATE REQUEST", changed))).isPresent();
    }

    @Property(tries = 300)
    void aPartIsNotARequest(@ForAll @IntRange(max = 100_000) int length) {
        byte[] part = Arrays.copyOf(DER, length % DER.length);
        assertThat(Pkcs10.problem(pem("CERTIFICATE REQUEST", part))).isPresent();
    }

    @Test
    void changedBytesAreNoRequestAndNoCertificate() {
        Fuzz.of(List.of(new String(DER, StandardCharsets.ISO_8859_1)), DER_WORDS)
                .run(bytes -> {
                    if (!Arrays.equals(bytes, DER)) {
                        assertThat(Pkcs10.problem(pem("CERTIFICATE REQUEST", bytes))).isPresent();
                    }
                    assertThat(Certificates.problem(pem("CERTIFICATE", bytes))).isPresent();
                    assertThat(Pkcs10.organizations(pem("CERTIFICATE REQUEST", bytes))).isNotNull();
                });
    }

    @Test
    void anyTextIsARequestOrNot() {
        String text = new String(Base64.getDecoder().decode(GOOD), StandardCharsets.US_ASCII);
        Fuzz.of(
                        List.of(text),
                        List.of("-----BEGIN ", "-----END ", "-----", "\n", "=", "A: b\n", "\u0000"))
                .run(bytes -> {
                    String base64 = Base64.getEncoder().encodeToString(bytes);
                    assertThat(Pkcs10.problem(base64)).isNotNull();
                    assertThat(Pkcs10.organizations(base64)).isNotNull();
                    assertThat(Pkcs10.problem(Fuzz.text(bytes))).isNotNull();
                    assertThat(Certificates.problem(base64)).isNotNull();
                });
    }

    /** A pattern that goes back and forth over it would need hours. */
    @Test
    void aLongBlockWithoutEndIsReadOnce() {
        String text = "-----BEGIN CERTIFICATE REQUEST-----" + " ".repeat(1_000_000);
        String base64 =
                Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII));
        assertThat(Pkcs10.problem(base64)).isPresent();
    }
}
