package io.hypernetes.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hypernetes.network.Uplink;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

import java.util.List;
import java.util.Optional;

class UplinkOptionsTest {

    private static final String IPV4 =
            "--uplink eth1 --external-range 192.0.2.0/24 --external-gateway 192.0.2.1"
                    + " --external-pool 192.0.2.100-192.0.2.199";
    private static final String IPV6 =
            " --external-ipv6-range 2001:db8::/64 --external-ipv6-gateway 2001:db8::1";

    @Command
    private static final class Program {
        @Mixin private UplinkOptions options = new UplinkOptions();
    }

    private static UplinkOptions parse(String line) {
        Program program = new Program();
        new CommandLine(program).parseArgs(line.isEmpty() ? new String[0] : line.split(" "));
        return program.options;
    }

    @Test
    void anUplinkHasOneFamilyOrBoth() {
        assertThat(parse("").uplink()).isEmpty();
        assertThat(parse(IPV4).uplink())
                .contains(
                        new Uplink(
                                "eth1",
                                "192.0.2.0/24",
                                "192.0.2.1",
                                "192.0.2.100",
                                "192.0.2.199",
                                List.of()));
        Optional<Uplink.Ipv6> ipv6 =
                parse(IPV4 + IPV6 + " --external-closed 198.51.100.0/24,2001:db8:9::/48")
                        .uplink()
                        .flatMap(Uplink::ipv6);
        assertThat(ipv6).contains(new Uplink.Ipv6("2001:db8::/64", "2001:db8::1"));
        assertThat(ipv6.orElseThrow().beside("192.0.2.100")).isEqualTo("2001:db8::c000:264");
    }

    @Test
    void theProgramInTheBackgroundGetsTheSame() {
        String line = IPV4 + IPV6 + " --external-closed 198.51.100.0/24";
        assertThat(String.join(" ", parse(line).arguments())).isEqualTo(line);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--uplink eth1",
                "--uplink eth1 --external-range 2001:db8::/64 --external-gateway 192.0.2.1"
                        + " --external-pool 192.0.2.100-192.0.2.199",
                "--uplink eth1 --external-range 192.0.2.0/24 --external-gateway 192.0.2.1"
                        + " --external-pool 192.0.2.100",
                IPV4 + " --external-ipv6-range 2001:db8::/64",
                IPV4 + " --external-ipv6-gateway 2001:db8::1",
                IPV4 + " --external-ipv6-range 2001:db8::/112 --external-ipv6-gateway 2001:db8::1",
                IPV4 + " --external-ipv6-range 192.0.2.0/24 --external-ipv6-gateway 192.0.2.1",
                IPV4 + " --external-closed 198.51.100.0",
            })
    void halfOfItIsRefusedWithWhatIsMissing(String line) {
        UplinkOptions options = parse(line);
        assertThatThrownBy(options::uplink)
                .isInstanceOf(CommandException.class)
                .hasMessageContaining("--external-");
    }
}
