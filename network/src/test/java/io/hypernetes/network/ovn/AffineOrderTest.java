package io.hypernetes.network.ovn;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import net.jqwik.api.constraints.UniqueElements;

import java.util.HashSet;
import java.util.List;

class AffineOrderTest {

    @Example
    void oneThatGoesIsStoodInFor() {
        List<String> without = AffineOrder.of(List.of("a", "b", "c"), List.of("a", "c"));
        assertThat(without).containsExactly("a", "a", "c");
        assertThat(AffineOrder.of(without, List.of("a", "c", "d"))).containsExactly("a", "d", "c");
    }

    @Property
    void whoStaysKeepsItsPlaceAndAllAreThere(
            @ForAll @Size(max = 8) @UniqueElements List<@AlphaChars @StringLength(1) String> before,
            @ForAll @Size(max = 8) @UniqueElements
                    List<@AlphaChars @StringLength(1) String> wanted) {
        List<String> order = AffineOrder.of(before, wanted);
        assertThat(new HashSet<>(order)).isEqualTo(new HashSet<>(wanted));
        for (String stays : wanted) {
            if (before.contains(stays)) {
                assertThat(order.get(before.indexOf(stays))).isEqualTo(stays);
            }
        }
        assertThat(AffineOrder.of(order, wanted)).isEqualTo(order);
    }
}
