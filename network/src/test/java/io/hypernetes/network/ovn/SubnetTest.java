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

    @Test
    void ofIpv6ThereIsNoEnd() {
        Subnet subnet = Subnet.parse("fd00:1::/64", "fd00:1::1");

        assertThat(subnet.lowestFree(Set.of("fd00:1::3"))).contains("fd00:1::4");
        assertThat(subnet.local()).isEqualTo("fd00:1::2");
        assertThat(Subnet.parse("fd00:0001:0::/64", "fd00:1:0:0::0001")).isEqualTo(subnet);
    }

    @Test
    void aSmallOneOfIpv6IsFullAtLast() {
        Subnet subnet = Subnet.parse("fd00::8/125", "fd00::9");
        assertThat(subnet.lowestFree(Set.of())).contains("fd00::b");
        assertThat(subnet.lowestFree(Set.of("fd00::b", "fd00::c", "fd00::e"))).isEmpty();
    }

    @Test
    void familiesDoNotOverlap() {
        Subnet ipv4 = Subnet.parse("10.0.0.0/24", "10.0.0.1");
        Subnet ipv6 = Subnet.parse("2000::a00:0/120", "2000::a00:1");
        assertThat(ipv4.overlaps(ipv6)).isFalse();
        assertThat(ipv6.overlaps(Subnet.parse("2000::/64", "2000::1"))).isTrue();
        assertThat(ipv6.overlaps(Subnet.parse("2000:0:0:1::/64", "2000:0:0:1::1"))).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "fd00::/48, fd00::1, /64 to /125",
        "fd00::/126, fd00::1, /64 to /125",
        "fd00::5/64, fd00::1, use fd00::/64",
        "fd00::/64, 10.0.0.1, not an IPv6 address",
        "fd00::/64, fd00::2, is reserved: use fd00::1",
        "fd00::/64, fd01::1, not a host address",
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
