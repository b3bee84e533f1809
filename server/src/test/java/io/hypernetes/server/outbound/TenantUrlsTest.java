package io.hypernetes.server.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.io.IOException;

class TenantUrlsTest {
    private static final String LOOPBACK = "127.0.0.1";
    private static final String METADATA = "169.254.169.254";
    private static final String ANYBODYS = "192.0.2.1";

    @Test
    void noneMeansThatNothingIsEvenResolved() {
        assertThatThrownBy(() -> HostAddresses.resolve("no such name", TenantUrls.NONE))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("connects to no URL for a tenant");
    }

    @Test
    void publicMeansAnybodysAddresses() throws IOException {
        assertThat(HostAddresses.resolve(ANYBODYS, TenantUrls.PUBLIC).getHostAddress())
                .isEqualTo(ANYBODYS);
        for (String own : new String[] {LOOPBACK, METADATA, "10.0.0.1", "::1", "fd00::1"}) {
            assertThatThrownBy(() -> HostAddresses.resolve(own, TenantUrls.PUBLIC))
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void allMeansAll() throws IOException {
        assertThat(HostAddresses.resolve(LOOPBACK, TenantUrls.ALL).isLoopbackAddress()).isTrue();
    }

    @Test
    void theirNamesAreThoseOfTheOption() {
        for (TenantUrls value : TenantUrls.values()) {
            assertThat(TenantUrls.of(value.toString())).isEqualTo(value);
        }
        assertThatThrownBy(() -> TenantUrls.of("some"))
                .hasMessage("'some' is none of none, public, all");
    }
}
