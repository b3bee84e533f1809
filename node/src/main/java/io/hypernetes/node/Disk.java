package io.hypernetes.node;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;

/** How full a file system is. */
record Disk(long totalBytes, long availableBytes) {

    static Disk of(Path folder) throws IOException {
        FileStore store = Files.getFileStore(folder);
        return new Disk(store.getTotalSpace(), store.getUsableSpace());
    }

    int usedPercent() {
        return totalBytes <= 0 ? 0 : (int) (100 - availableBytes * 100 / totalBytes);
    }
}
