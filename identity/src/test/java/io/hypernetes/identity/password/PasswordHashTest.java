package io.hypernetes.identity.password;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class PasswordHashTest {

    @Test
    void aHashFitsItsPasswordAndNoOther() {
        String hash = PasswordHash.of("Пароль 密码 🔑");

        assertThat(hash).startsWith("$argon2id$v=19$m=19456,t=2,p=1$");
        assertThat(PasswordHash.fits("Пароль 密码 🔑", hash)).isTrue();
        assertThat(PasswordHash.fits("Пароль 密码", hash)).isFalse();
    }

    @Test
    void twoHashesOfOnePasswordDiffer() {
        assertThat(PasswordHash.of("x")).isNotEqualTo(PasswordHash.of("x"));
    }

    @Test
    void nobodysHashHasTheFormOfARealOneAndFitsNothing() {
        String real = PasswordHash.of("x");
        String nobodys = PasswordHash.ofNobody();

        assertThat(nobodys).hasSameSizeAs(real);
        assertThat(nobodys.substring(0, nobodys.lastIndexOf("p=1$")))
                .isEqualTo(real.substring(0, real.lastIndexOf("p=1$")));
        assertThat(PasswordHash.fits("x", nobodys)).isFalse();
        assertThat(PasswordHash.ofNobody()).isNotEqualTo(nobodys);
    }

    @Test
    void bcryptMadeByOtherToolsIsUnderstood() {
        // the test vector of OpenBSD's crypt for the password "U*U"
        String hash = "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW";

        assertThat(PasswordHash.fits("U*U", hash)).isTrue();
        assertThat(PasswordHash.fits("U*", hash)).isFalse();
    }

    @Test
    void whatIsNoHashFitsNothing() {
        for (String hash :
                new String[] {"", "secret", "$argon2id$", "$2a$", "$argon2id$v=19$m=x"}) {
            assertThat(PasswordHash.fits("secret", hash)).isFalse();
        }
    }
}
