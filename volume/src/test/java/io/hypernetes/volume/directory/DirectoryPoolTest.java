package io.hypernetes.volume.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hypernetes.volume.VolumeException;
import io.hypernetes.volume.VolumePool;
import io.hypernetes.volume.VolumePoolConformance;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;

class DirectoryPoolTest extends VolumePoolConformance {

    @TempDir Path directory;

    @Override
    protected VolumePool open() {
        return new DirectoryPool(directory.resolve("volumes"), "hypernetes.io/directory");
    }

    @Test
    void theFileIsTheOwnersAloneUnderItsTenant() throws IOException {
        pool.provision("v1", "acme", SIZE, Map.of());
        Path file = Path.of(pool.attach("v1", "s1").path());
        assertThat(directory.relativize(file)).hasToString("volumes/acme/v1.raw");
        assertThat(Files.getPosixFilePermissions(file))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
        assertThat(Files.size(file)).isEqualTo(SIZE);
    }

    @Test
    void aVolumeLargerThanTheDiskIsRefusedWithTheFigures() {
        assertThatThrownBy(() -> pool.provision("v1", "acme", Long.MAX_VALUE / 2, Map.of()))
                .isInstanceOf(VolumeException.class)
                .hasMessageContaining("does not fit")
                .hasMessageContaining("MiB free");
        assertThat(pool.volumes()).isEmpty();
    }
}
