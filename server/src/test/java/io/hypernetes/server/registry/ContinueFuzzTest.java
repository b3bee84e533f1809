package io.hypernetes.server.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.fuzzing.Fuzz;
import io.hypernetes.store.ObjectPath;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** Tokens of the client's making: within its tenant, or refused. */
class ContinueFuzzTest {
    private static final Extent PODS =
            new Extent(
                    BuiltinTypes.PODS,
                    Optional.of(new Tenant("acme")),
                    "",
                    ObjectFilter.EVERYTHING);

    private static final ObjectPath LAST = new ObjectPath("", "pods", "acme", "web", "p");

    private static void use(String token) {
        assertThat(ContinueToken.decode(PODS, token).key(PODS))
                .hasValueSatisfying(key ->
                        assertThat(new String(key.bytes(), StandardCharsets.UTF_8))
                                .contains("/pods/acme/"));
    }

    @Test
    void tokens() {
        String good = ContinueToken.after(PODS, 7, LAST).encode();
        String plain = new String(Base64.getUrlDecoder().decode(good), StandardCharsets.ISO_8859_1);
        Fuzz.of(
                        List.of(plain),
                        List.of("\"", "/", "{", "}", ",", "globex", "..", "\u00ff", "\u0000", "-1"))
                .refusing(e -> e instanceof ApiException refusal && refusal.status().code() == 400)
                .run(bytes -> use(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes)));
    }
}
