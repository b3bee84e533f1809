package io.hypernetes.network.external;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.Set;

class AddressPoolTest {

    private final AddressPool pool = new AddressPool("192.0.2.254", "192.0.3.1");

    @Test
    void everyOwnerHasOneAddressAndNoTwoTheSame() {
        assertThat(pool.claim("a", "")).contains("192.0.2.254");
        assertThat(pool.claim("a", "")).contains("192.0.2.254");
        assertThat(pool.claim("b", "")).contains("192.0.2.255");
        assertThat(pool.claim("c", "192.0.2.255")).as("taken").isEmpty();
        assertThat(pool.claim("c", "192.0.3.1")).contains("192.0.3.1");
        assertThat(pool.claim("d", "")).contains("192.0.3.0");
        assertThat(pool.claim("e", "")).as("none left").isEmpty();
    }

    @Test
    void whatIsGivenBackIsGivenOutLast() {
        pool.claim("a", "");
        pool.release("a");
        assertThat(pool.claim("b", "")).contains("192.0.2.255");
        assertThat(pool.claim("a", "192.0.2.254")).contains("192.0.2.254");
        assertThat(pool.claim("a", "192.0.3.0")).as("moved").contains("192.0.3.0");
        assertThat(pool.hold("c", "192.0.2.254")).as("free again").isTrue();
    }

    @Test
    void onlyAddressesOfThePoolAreHeld() {
        assertThat(pool.hold("a", "192.0.3.2")).isFalse();
        assertThat(pool.hold("a", "hello")).isFalse();
        assertThat(pool.hold("t/a", "192.0.3.0")).isTrue();
        assertThat(pool.hold("t/b", "192.0.3.0")).isFalse();
        pool.releaseExcept("t/", Set.of("t/b"));
        assertThat(pool.hold("t/b", "192.0.3.0")).isTrue();
    }
}
