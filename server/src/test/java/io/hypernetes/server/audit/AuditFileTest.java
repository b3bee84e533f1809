package io.hypernetes.server.audit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

class AuditFileTest {
    @TempDir private Path folder;

    private static byte[] event(int number) {
        return "{\"event\":%04d}".formatted(number).getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void everyEventIsALineOfTheFileThatTheOwnerAloneMayRead() throws IOException {
        Path file = folder.resolve("log").resolve("audit.log");
        try (AuditFile log = new AuditFile(file, 1 << 20, 2)) {
            log.write(event(1));
            log.write(event(2));
        }
        try (AuditFile log = new AuditFile(file, 1 << 20, 2)) {
            log.write(event(3));
        }
        assertThat(file).hasContent("{\"event\":0001}\n{\"event\":0002}\n{\"event\":0003}\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void aGrownFileIsPutAsideAndTheOldestGoes() throws IOException {
        Path file = folder.resolve("audit.log");
        try (AuditFile log = new AuditFile(file, 150, 2)) {
            for (int i = 0; i < 100; i++) {
                log.write(event(i));
            }
        }
        List<String> lines = new ArrayList<>();
        for (String name : List.of("audit.log.2", "audit.log.1", "audit.log")) {
            assertThat(Files.size(folder.resolve(name))).isLessThanOrEqualTo(150);
            lines.addAll(Files.readAllLines(folder.resolve(name)));
        }
        assertThat(folder.resolve("audit.log.3")).doesNotExist();
        assertThat(lines).last().isEqualTo("{\"event\":0099}");
        assertThat(lines).isSorted().hasSizeBetween(20, 30);
    }
}
