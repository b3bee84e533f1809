package io.hypernetes.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.Map;

/** What every pool does. A pool's test extends this and says how to open it, again and again. */
public abstract class VolumePoolConformance {

    protected static final long SIZE = 8 << 20;

    protected VolumePool pool;

    /** Opens the same pool, as a process does that starts again. */
    protected abstract VolumePool open();

    @BeforeEach
    void openPool() {
        pool = open();
    }

    private Volume provision(String id, String tenant) {
        return pool.provision(id, tenant, SIZE, Map.of());
    }

    @Test
    void aVolumeHasAtLeastTheSizeAskedFor() {
        Volume volume = pool.provision("v1", "acme", SIZE + 1, Map.of());
        assertThat(volume.bytes()).isGreaterThan(SIZE);
        assertThat(pool.volume("v1")).contains(volume);
        assertThat(pool.volume("v2")).isEmpty();
    }

    @Test
    void provisioningAgainFindsTheSameVolumeAlsoAfterARestart() {
        Volume volume = provision("v1", "acme");
        pool = open();
        assertThat(provision("v1", "acme")).isEqualTo(volume);
        assertThat(pool.volumes()).containsExactly(volume);
    }

    @Test
    void aVolumeOfAnotherTenantOrOfAnotherSizeIsNotHandedOut() {
        provision("v1", "acme");
        assertThatThrownBy(() -> provision("v1", "globex")).isInstanceOf(VolumeException.class);
        assertThatThrownBy(() -> pool.provision("v1", "acme", SIZE * 2, Map.of()))
                .isInstanceOf(VolumeException.class);
    }

    @Test
    void namesThatAreNotPlainAreRefused() {
        for (String id : new String[] {"", "../x", "a/b", "a.b", "a b", ".", "-x"}) {
            assertThatThrownBy(() -> provision(id, "acme")).isInstanceOf(VolumeException.class);
            assertThatThrownBy(() -> pool.attach(id, "s1")).isInstanceOf(VolumeException.class);
        }
        assertThatThrownBy(() -> provision("v1", "..")).isInstanceOf(VolumeException.class);
        assertThatThrownBy(() -> pool.provision("v1", "acme", 0, Map.of()))
                .isInstanceOf(VolumeException.class);
    }

    @Test
    void deletingTakesTheVolumeAndMayBeRepeated() {
        provision("v1", "acme");
        pool.delete("v1");
        pool.delete("v1");
        assertThat(pool.volumes()).isEmpty();
        assertThat(pool.volume("v1")).isEmpty();
    }

    @Test
    void aVolumeGoesToOneSandboxAtATimeAlsoAcrossARestart() {
        provision("v1", "acme");
        Attachment first = pool.attach("v1", "s1");
        assertThat(pool.attach("v1", "s1")).isEqualTo(first);
        pool = open();
        assertThatThrownBy(() -> pool.attach("v1", "s2"))
                .isInstanceOf(VolumeException.class)
                .hasMessageContaining("s1");
        pool.detach("v1", "s2");
        assertThatThrownBy(() -> pool.attach("v1", "s2")).isInstanceOf(VolumeException.class);
        pool.detach("v1", "s1");
        pool.detach("v1", "s1");
        assertThat(pool.attach("v1", "s2").path()).isEqualTo(first.path());
    }

    @Test
    void anAttachedVolumeIsNotDeleted() {
        provision("v1", "acme");
        pool.attach("v1", "s1");
        assertThatThrownBy(() -> pool.delete("v1"))
                .isInstanceOf(VolumeException.class)
                .hasMessageContaining("s1");
        pool.detach("v1", "s1");
        pool.delete("v1");
    }

    @Test
    void attachmentsAreKnownAcrossARestart() {
        provision("v1", "acme");
        provision("v2", "globex");
        pool.attach("v1", "s1");
        pool = open();
        assertThat(pool.attachments()).containsExactly(Map.entry("v1", "s1"));
        pool.detach("v1", "s1");
        assertThat(pool.attachments()).isEmpty();
    }

    @Test
    void whatDoesNotExistCannotBeAttached() {
        assertThatThrownBy(() -> pool.attach("v1", "s1"))
                .isInstanceOf(VolumeException.class)
                .hasMessageContaining("v1");
    }
}
