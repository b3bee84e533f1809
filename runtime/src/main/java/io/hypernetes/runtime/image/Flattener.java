package io.hypernetes.runtime.image;

import io.hypernetes.runtime.image.FileTree.Inode;
import io.hypernetes.runtime.image.FileTree.Name;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Merges the layers of an image into one tar stream, in two passes over the compressed files: the
 * first builds the tree and verifies every layer's digest, the second copies the contents that are
 * still visible. Nothing is unpacked, so no path of an image ever meets the node's file system.
 *
 * <p>Order of the stream: directories and everything without content, then files layer by layer,
 * then hard links, so that parents and link targets always come first.
 */
final class Flattener {

    private final ImageContent image;
    private final ImageLimits limits;
    private final FileTree tree = new FileTree();

    /** By layer and place: the files whose content is wanted, under their first name. */
    private final List<Map<Integer, TarEntry>> wanted = new ArrayList<>();

    private final Map<Inode, TarEntry> firstNames = new IdentityHashMap<>();
    private final List<TarEntry> hardLinks = new ArrayList<>();

    Flattener(ImageContent image, ImageLimits limits) {
        this.image = image;
        this.limits = limits;
    }

    /** First pass. Throws when a layer is not what the image's configuration promises. */
    void scan() throws IOException {
        long bytesLeft = limits.unpackedBytes();
        int entriesLeft = limits.entries();
        for (int layer = 0; layer < image.layers().size(); layer++) {
            wanted.add(new HashMap<>());
            Path file = image.layers().get(layer);
            Digest diffId = image.diffIds().get(layer);
            try (LayerInput in = LayerInput.open(file, diffId, bytesLeft)) {
                TarReader tar = new TarReader(in);
                int place = 0;
                for (Optional<TarEntry> entry = tar.next(); entry.isPresent(); entry = tar.next()) {
                    if (--entriesLeft < 0) {
                        throw tooLarge("more than " + limits.entries() + " files");
                    }
                    tree.add(entry.get(), layer, place++);
                }
                in.verify();
                bytesLeft -= in.count();
            }
        }
    }

    /** The root directory's own metadata; it is not part of the stream. */
    TarEntry root() {
        return tree.root().entry;
    }

    /** Second pass, after {@link #scan}. */
    void write(TarWriter out) throws IOException {
        writeTree(tree.root(), "", out);
        for (int layer = 0; layer < image.layers().size(); layer++) {
            if (!wanted.get(layer).isEmpty()) {
                writeContents(layer, out);
            }
        }
        for (TarEntry link : hardLinks) {
            out.write(link);
        }
        out.finish();
    }

    private void writeTree(Inode directory, String prefix, TarWriter out) throws IOException {
        for (Map.Entry<String, Name> child : FileTree.children(directory).entrySet()) {
            Inode inode = child.getValue().inode();
            String path = prefix + child.getKey();
            switch (inode.entry.type()) {
                case DIRECTORY -> {
                    out.write(inode.entry.named(path + "/"));
                    writeTree(inode, path + "/", out);
                }
                case FILE -> {
                    TarEntry first = firstNames.get(inode);
                    if (first == null) {
                        TarEntry entry = inode.entry.named(path);
                        firstNames.put(inode, entry);
                        wanted.get(inode.layer).put(inode.place, entry);
                    } else {
                        hardLinks.add(first.hardLink(path));
                    }
                }
                case SYMBOLIC_LINK, CHARACTER_DEVICE, BLOCK_DEVICE, FIFO ->
                        out.write(inode.entry.named(path));
                case HARD_LINK -> throw new IllegalStateException("a hard link has no inode");
            }
        }
    }

    private void writeContents(int layer, TarWriter out) throws IOException {
        Map<Integer, TarEntry> files = wanted.get(layer);
        try (InputStream in =
                LayerInput.open(
                        image.layers().get(layer),
                        image.diffIds().get(layer),
                        limits.unpackedBytes())) {
            TarReader tar = new TarReader(in);
            int left = files.size();
            for (int place = 0; left > 0 && tar.next().isPresent(); place++) {
                TarEntry entry = files.get(place);
                if (entry != null) {
                    out.write(entry, tar::read);
                    left--;
                }
            }
            if (left > 0) {
                throw new IOException("the layer " + layer + " changed while it was read");
            }
        }
    }

    static ImageException tooLarge(String what) {
        return new ImageException(
                ImageException.Reason.TOO_LARGE, "the image is too large: " + what);
    }
}
