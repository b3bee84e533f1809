package io.hypernetes.network.ovn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hypernetes.network.NetworkException;
import io.hypernetes.network.NetworkId;
import io.hypernetes.network.PortId;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OvnNamesTest {

    @Test
    void tapsFitTheKernelAndDifferByTenantAndPod() {
        String tap = OvnNames.tap(new PortId("acme", "6f1c8c1e-6a3d-4a8e-9a55-0c4b6a1f0d11"));

        assertThat(tap).hasSize(15).matches("hn[0-9a-v]{13}");
        assertThat(tap)
                .isNotEqualTo(
                        OvnNames.tap(new PortId("acme2", "6f1c8c1e-6a3d-4a8e-9a55-0c4b6a1f0d11")));
        assertThat(OvnNames.tap(new PortId("a", "b-c")))
                .isNotEqualTo(OvnNames.tap(new PortId("a-b", "c")));
    }

    @Test
    void macIsLocallyAdministeredAndFollowsTheAddress() {
        NetworkId network = new NetworkId("acme", "default");

        assertThat(OvnNames.mac(network, "10.0.0.11")).matches("02:[0-9a-f]{2}:0a:00:00:0b");
        assertThat(OvnNames.mac(network, "fd00:1::3"))
                .matches("02(:[0-9a-f]{2}){5}")
                .isNotEqualTo(OvnNames.mac(network, "fd00:2::3"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a/b", "A", "-a", "a b", "a\"", "..", "a\n"})
    void partsThatCouldEscapeAreRefused(String part) {
        assertThatThrownBy(() -> OvnNames.of(new NetworkId(part, "default")))
                .isInstanceOf(NetworkException.class);
        assertThatThrownBy(() -> OvnNames.of(new NetworkId("acme", part)))
                .isInstanceOf(NetworkException.class);
        assertThatThrownBy(() -> OvnNames.tap(new PortId(part, "uid")))
                .isInstanceOf(NetworkException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a/b", "-a", "a b", "a\"", "..", "a\n", "default/router"})
    void podUidsThatCouldEscapeAreRefused(String uid) {
        assertThatThrownBy(() -> OvnNames.of(new PortId("acme", uid)))
                .isInstanceOf(NetworkException.class);
    }
}
