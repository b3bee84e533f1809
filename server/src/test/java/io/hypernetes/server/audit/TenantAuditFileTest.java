package io.hypernetes.server.audit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What tenants read of their requests outlives a process. */
class TenantAuditFileTest {
    private static final byte[] EVENT = event("acme", "one");

    @TempDir private Path folder;

    private static byte[] event(String tenant, String name) {
        return """
        {"stageTimestamp":"2026-01-02T03:04:05.000006Z","objectRef":{"name":"%s"},"annotations":{"hypernetes.io/tenant":"%s"}}\
        """
                .formatted(name, tenant)
                .getBytes(StandardCharsets.UTF_8);
    }

    private Path file() {
        return folder.resolve("audit").resolve("tenants.log");
    }

    private List<TenantAuditFile.Line> lines() throws IOException {
        List<TenantAuditFile.Line> lines = new ArrayList<>();
        TenantAuditFile.read(file(), lines::add);
        return lines;
    }

    @Test
    void whatIsWrittenIsReadAgain() throws IOException {
        try (TenantAuditFile audit = new TenantAuditFile(file(), List::of)) {
            audit.write(EVENT);
            audit.write(event("globex", "\u00e9"));
        }
        assertThat(lines())
                .extracting(TenantAuditFile.Line::tenant)
                .containsExactly("acme", "globex");
        assertThat(lines().getFirst().event()).isEqualTo(EVENT);
        assertThat(lines().getFirst().at()).isEqualTo(Instant.parse("2026-01-02T03:04:05.000006Z"));
        assertThat(new String(lines().getLast().event(), StandardCharsets.UTF_8))
                .contains("\u00e9");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");
    }

    @Test
    void aLineThatAKillCutOffIsLeftOut() throws IOException {
        try (TenantAuditFile audit = new TenantAuditFile(file(), List::of)) {
            audit.write(EVENT);
        }
        Files.writeString(file(), "{\"stageTimestamp\":\"2026", StandardOpenOption.APPEND);
        assertThat(lines()).hasSize(1);
    }

    @Test
    void aStartWritesItAnewOfWhatIsRemembered() throws IOException {
        try (TenantAuditFile audit = new TenantAuditFile(file(), List::of)) {
            audit.write(event("acme", "forgotten"));
        }
        try (TenantAuditFile audit = new TenantAuditFile(file(), () -> List.of(EVENT))) {
            audit.write(event("acme", "two"));
        }
        assertThat(Files.readString(file())).contains("one", "two").doesNotContain("forgotten");
    }

    @Test
    void eachTenantFindsItsOwnAgain() throws IOException {
        try (TenantAuditFile audit = new TenantAuditFile(file(), List::of)) {
            audit.write(EVENT);
            audit.write(event("globex", "theirs"));
        }
        TenantAudit again = new TenantAudit(file());
        assertThat(again.of(new io.hypernetes.api.Tenant("acme"), Instant.EPOCH))
                .containsExactly(EVENT);
        assertThat(again.of(new io.hypernetes.api.Tenant("acme"), Instant.now()))
                .as("of an earlier tenant of that name")
                .isEmpty();
        again.close();
    }
}
