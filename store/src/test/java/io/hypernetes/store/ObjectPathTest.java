package io.hypernetes.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

import org.junit.jupiter.api.Test;

class ObjectPathTest {

    /** Few letters around the separator, so that prefixes of one another are common. */
    private static Arbitrary<String> segment(int shortest) {
        return Arbitraries.strings()
                .withChars("ab-.0:\u0001\u00e9")
                .ofMinLength(shortest)
                .ofMaxLength(3);
    }

    @Provide
    Arbitrary<ObjectPath> paths() {
        return Combinators.combine(segment(0), segment(1), segment(1), segment(0), segment(1))
                .as(ObjectPath::new);
    }

    @Property
    void parsingIsTheInverseOfEncoding(@ForAll("paths") ObjectPath path) {
        assertThat(ObjectPath.parse(path.key())).isEqualTo(path);
    }

    @Property(tries = 5000)
    void aNeighbourAtHandChangesNothing(
            @ForAll("paths") ObjectPath path, @ForAll("paths") ObjectPath like) {
        assertThat(ObjectPath.parse(path.key(), like)).isEqualTo(path);
        assertThat(ObjectPath.parse(path.key(), path)).isEqualTo(path);
    }

    @Property
    void whatIsNoPathIsNotMadeOne(@ForAll("texts") String text, @ForAll("paths") ObjectPath like) {
        String[] parts = text.split("/", -1);
        boolean path =
                parts.length == 5
                        && !parts[1].isEmpty()
                        && !parts[2].isEmpty()
                        && !parts[4].isEmpty();
        assertThat(ObjectPath.find(StoreKey.of(text), like).isPresent()).isEqualTo(path);
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.strings().withChars("/ab").ofMaxLength(9);
    }

    @Property(tries = 5000)
    void aRangeHoldsExactlyTheKeysOfItsObjects(
            @ForAll("paths") ObjectPath owner, @ForAll("paths") ObjectPath other) {
        ObjectRange resource = ObjectRange.ofResource(owner.group(), owner.resource());
        ObjectRange tenant = ObjectRange.ofTenant(owner.group(), owner.resource(), owner.tenant());
        for (ObjectPath path : new ObjectPath[] {owner, other}) {
            assertThat(resource.keys().contains(path.key())).isEqualTo(resource.contains(path));
            assertThat(tenant.keys().contains(path.key())).isEqualTo(tenant.contains(path));
        }
        if (!owner.namespace().isEmpty()) {
            ObjectRange namespace =
                    ObjectRange.ofNamespace(
                            owner.group(), owner.resource(), owner.tenant(), owner.namespace());
            assertThat(namespace.keys().contains(owner.key())).isTrue();
            assertThat(namespace.keys().contains(other.key())).isEqualTo(namespace.contains(other));
        }
    }

    @Test
    void tenantsWhoseNamesBeginAlikeAreApart() {
        ObjectPath pod = new ObjectPath("", "pods", "ab", "default", "x");
        assertThat(ObjectRange.ofTenant("", "pods", "a").keys().contains(pod.key())).isFalse();
        assertThat(ObjectRange.ofTenant("", "pods", "ab").keys().contains(pod.key())).isTrue();
        assertThat(pod.key()).hasToString("/pods/ab/default/x");
    }

    @Test
    void aSegmentWithASlashOrWithoutALetterIsRefused() {
        assertThatThrownBy(() -> new ObjectPath("", "pods", "a/b", "", "x"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ObjectPath("", "pods", "", "", "x"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ObjectRange.ofTenant("", "pods", ""))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ObjectRange("", "pods", "", "web"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void pathsShareWhatManyOfThemHave() {
        ObjectPath one = ObjectPath.parse(StoreKey.of("/configmaps/acme/default/kube-root-ca.crt"));
        ObjectPath two = ObjectPath.parse(StoreKey.of("/configmaps/acme/default/kube-root-ca.crt"));
        assertThat(two.tenant()).isSameAs(one.tenant());
        assertThat(two.name()).isSameAs(one.name());
    }
}
