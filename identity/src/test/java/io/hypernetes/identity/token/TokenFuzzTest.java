package io.hypernetes.identity.token;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jwt.SignedJWT;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.Status.Reason;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.access.Credentials;
import io.hypernetes.api.access.UserInfo;
import io.hypernetes.fuzzing.Fuzz;
import io.hypernetes.identity.AuthorizationHeader;
import io.hypernetes.identity.pki.SigningKey;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Authorization headers and tokens: what is not ours is refused, whatever it is. */
class TokenFuzzTest {
    private static final Tenant ACME = new Tenant("acme");

    private static final List<String> WORDS =
            List.of(
                    ".",
                    "=",
                    "-",
                    "_",
                    "eyJ",
                    "{",
                    "}",
                    "[",
                    "]",
                    "\"",
                    ":",
                    ",",
                    "null",
                    "1e999",
                    "\"exp\":",
                    "\"aud\":[",
                    "\"hypernetes.io\":",
                    "\"tenant\":\"../x\"",
                    "none",
                    "\u0000",
                    "\u00ff");

    @TempDir private Path folder;
    private SigningKey key;
    private SignedTokens tokens;
    private String ofAccount;

    @BeforeEach
    void start() {
        key = SigningKey.open(folder.resolve("token.key"));
        tokens = new SignedTokens(key, Clock.systemUTC());
        ofAccount =
                tokens.forServiceAccount(
                                ACME,
                                "web",
                                "robot",
                                "u",
                                List.of(),
                                Optional.empty(),
                                Duration.ofHours(1))
                        .value();
    }

    private String ofUser() {
        return tokens.forUser(ACME, new UserInfo("alice", "u", List.of(), Map.of())).value();
    }

    @Test
    void changedTokensAreNotGood() {
        List<String> good = List.of(ofAccount, ofUser());
        Fuzz.of(good, WORDS)
                .run(bytes -> {
                    String token = Fuzz.text(bytes);
                    assertThat(tokens.isOurs(token)).isIn(true, false);
                    if (tokens.verify(token).isPresent()) {
                        // A signature may be written in several ways, what it signs may not.
                        assertThat(good)
                                .anyMatch(one ->
                                        token.startsWith(
                                                one.substring(0, one.lastIndexOf('.') + 1)));
                    }
                });
    }

    /** As if the key had signed nonsense: claims are read with care all the same. */
    @Test
    void signedClaimsAreReadOrRefused() throws ParseException, JOSEException {
        JWSHeader header =
                new JWSHeader.Builder(JWSAlgorithm.ES256)
                        .keyID(SignedJWT.parse(ofAccount).getHeader().getKeyID())
                        .build();
        ECDSASigner signer = new ECDSASigner(key.privateKey());
        Fuzz.of(
                        List.of(
                                SignedJWT.parse(ofAccount).getPayload().toString(),
                                SignedJWT.parse(ofUser()).getPayload().toString()),
                        WORDS)
                .run(bytes -> {
                    JWSObject signed = new JWSObject(header, new Payload(bytes));
                    signed.sign(signer);
                    tokens.verify(signed.serialize())
                            .ifPresent(subject -> assertThat(subject.toString()).isNotEmpty());
                });
    }

    @Test
    void headers() {
        Fuzz.of(
                        List.of("Bearer " + ofAccount, "Basic YWxpY2U6c2VjcmV0", "basic Og=="),
                        List.of("Basic ", "Bearer ", " ", "\t", "=", ":", "\u0000", "\u00e9"))
                .refusing(e -> e instanceof ApiException refusal && refusal.is(Reason.UNAUTHORIZED))
                .run(bytes -> {
                    Credentials credentials =
                            new Credentials(Optional.of(Fuzz.text(bytes)), Optional.empty());
                    assertThat(AuthorizationHeader.bearer(credentials)).isNotNull();
                    assertThat(AuthorizationHeader.basic(credentials)).isNotNull();
                });
    }
}
