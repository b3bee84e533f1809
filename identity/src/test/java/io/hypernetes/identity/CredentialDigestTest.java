package io.hypernetes.identity;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;

final class CredentialDigestTest {

    @Test
    void eachProcessHasAnotherDigestOfTheSameCredentials() throws GeneralSecurityException {
        CredentialDigest one = new CredentialDigest();
        ByteBuffer digest = one.of("alice", "secret");
        assertThat(one.of("alice", "secret")).isEqualTo(digest);
        assertThat(new CredentialDigest().of("alice", "secret")).isNotEqualTo(digest);
        byte[] plain =
                MessageDigest.getInstance("SHA-256")
                        .digest("alicesecret".getBytes(StandardCharsets.UTF_8));
        assertThat(digest).isNotEqualTo(ByteBuffer.wrap(plain));
    }

    @Test
    void whereOnePartEndsAndTheNextBeginsCounts() {
        CredentialDigest digest = new CredentialDigest();
        assertThat(digest.of("alice", "secret")).isNotEqualTo(digest.of("alices", "ecret"));
        assertThat(digest.of("alice", "")).isNotEqualTo(digest.of("alice"));
    }
}
