package io.hypernetes.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hypernetes.api.json.Json;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

class PodFoldersTest {

    @TempDir private Path root;

    private static final ObjectNode POD =
            Json.parseObject(
                    """
                    {"metadata":{"name":"p","namespace":"n","uid":"u"},"spec":{"volumes":[{"name":"v","emptyDir":{}}]}}
                    """
                            .getBytes(StandardCharsets.UTF_8));

    private static PodVolume.File file(String path, String content) {
        return new PodVolume.File(path, 0640, content.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void allFilesOfAVolumeChangeAtOnce() throws IOException {
        PodFolders folders = new PodFolders(root);
        folders.write("u", "v", List.of(file("a", "1"), file("deep/b", "1"), file("old", "1")));
        Path volume = root.resolve("u/volumes/v");
        assertThat(volume.resolve("a")).hasContent("1").isSymbolicLink();
        assertThat(Files.getAttribute(volume.resolve("a"), "unix:mode")).isEqualTo(0100640);
        Path seen = volume.resolve("..data").toRealPath();
        folders.write("u", "v", List.of(file("a", "2"), file("deep/b", "2")));
        assertThat(volume.resolve("a")).hasContent("2");
        assertThat(volume.resolve("deep/b")).hasContent("2");
        assertThat(volume.resolve("old")).doesNotExist();
        assertThat(seen).doesNotExist();
        assertThat(folders.bytes("u")).containsKey("v");
        assertThat(folders.uids()).containsExactly("u");
        folders.remove("u");
        assertThat(root).isEmptyDirectory();
    }

    @Test
    void aPartOfAVolumeIsInTheVolume() throws IOException {
        PodFolders folders = new PodFolders(root);
        folders.prepare(POD, List.of(new PodVolume.EmptyDir("v", 0)));
        assertThat(folders.source(POD, "v", "part"))
                .isEqualTo(root.resolve("u/volumes/v/part").toRealPath())
                .isDirectory();
        Files.createSymbolicLink(root.resolve("u/volumes/v/out"), Path.of("/etc"));
        assertThatThrownBy(() -> folders.source(POD, "v", "out"))
                .isInstanceOf(PodConfigException.class)
                .hasMessageContaining("leads out of volume");
        assertThatThrownBy(() -> folders.source(POD, "v", "out/made"))
                .isInstanceOf(PodConfigException.class)
                .hasMessageContaining("leads out of volume");
        assertThat(Path.of("/etc/made")).doesNotExist();
    }

    @Test
    void aHostPathIsOfTheKindThatWasAskedFor() {
        PodFolders folders = new PodFolders(root);
        Path fresh = root.resolve("fresh");
        folders.prepare(
                POD, List.of(new PodVolume.HostPath("h", fresh.toString(), "DirectoryOrCreate")));
        assertThat(fresh).isDirectory();
        for (String type : List.of("File", "FileOrCreate", "Socket", "BlockDevice", "Nonsense")) {
            PodVolume wrong = new PodVolume.HostPath("h", fresh.toString(), type);
            assertThatThrownBy(() -> folders.prepare(POD, List.of(wrong)))
                    .hasMessageContaining("is not a " + type);
        }
        folders.prepare(POD, List.of(new PodVolume.HostPath("h", "/dev/null", "CharDevice")));
    }
}
