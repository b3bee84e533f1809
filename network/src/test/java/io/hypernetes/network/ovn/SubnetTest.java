package io.hypernetes.network.ovn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hypernetes.network.NetworkException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

class SubnetTest {

    @Test
    void givesTheLowestFreeAddressAndSkipsTheReservedOnes() {
        Subnet subnet = Subnet.parse("10.0.0.0/24", "10.0.0.1");

        assertThat(subnet.lowestFree(Set.of())).contains("10.0.0.3");
        assertThat(subnet.lowestFree(Set.of("10.0.0.3", "10.0.0.5"))).contains("10.0.0.4");
    }

    @Test
    void givesEveryAddressThatIsNotReservedAndThenNone() {
        Subnet subnet = Subnet.parse("10.1.2.0/24", "10.1.2.10");
        Set<String> used = new HashSet<>();
        Optional<String> next;
        while ((next = subnet.lowestFree(used)).isPresent()) {
            assertThat(used.add(next.get())).isTrue();
        }

        assertThat(used)
                .hasSize(251)
                .contains("10.1.2.1", "10.1.2.254")
                .doesNotContain("10.1.2.0", "10.1.2.2", "10.1.2.10", "10.1.2.253", "10.1.2.255");
    }

    @Test
    void crossesTheBordersOfBytes() {
        Subnet subnet = Subnet.parse("172.16.0.0/12", "172.31.255.254");
        Set<String> used = new HashSet<>();
        for (int i = 0; i < 254; i++) {
            used.add(subnet.lowestFree(used).orElseThrow());
        }

        assertThat(subnet.lowestFree(used)).contains("172.16.1.0");
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0, 10.0.0.1, write it as",
        "10.0.0.0/x, 10.0.0.1, write it as",
        "10.0.0.0/30, 10.0.0.1, /8 to /29",
        "10.0.0.0/7, 10.0.0.1, /8 to /29",
        "10.0.0.5/24, 10.0.0.1, use 10.0.0.0/24",
        "10.0.0.256/24, 10.0.0.1, not an IPv4 address",
        "010.0.0.0/24, 10.0.0.1, not an IPv4 address",
        "10.0.0.0/24, 10.0.1.1, not a host address",
        "10.0.0.0/24, 10.0.0.0, not a host address",
        "10.0.0.0/24, 10.0.0.255, not a host address",
        "10.0.0.0/24, 10.0.0.2, is reserved: use 10.0.0.1",
        "10.0.0.0/24, 10.0.0.253, is reserved: use 10.0.0.1",
        "10.0.0.0/24, fe80::1, not an IPv4 address",
    })
    void refusesWhatIsNoSubnetForPods(String cidr, String gateway, String message) {
        assertThatThrownBy(() -> Subnet.parse(cidr, gateway))
                .isInstanceOf(NetworkException.class)
                .hasMessageContaining(message);
    }
}
