package io.hypernetes.runtime.image;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The file system that results from applying layers one over the other, without contents: for each
 * file it knows in which layer, and there at which place, its content is found.
 *
 * <p>Rules (OCI image specification, layers): a later entry replaces an earlier one; a directory
 * over a directory keeps the children; {@code .wh.NAME} removes NAME of the layers below, {@code
 * .wh..wh..opq} everything of the layers below in its directory. Parents are found through symbolic
 * links, within the root, as unpacking to a directory would. A path that leads out of the root with
 * ".." is refused.
 */
final class FileTree {

    private static final String WHITEOUT = ".wh.";
    private static final String OPAQUE = ".wh..wh..opq";
    private static final int MAX_LINKS = 40;
    private static final int MAX_DEPTH = 256;
    private static final int MAX_PATH = 4095;
    private static final int MAX_COMPONENT = 255;

    /** A file, whatever its names. */
    static final class Inode {
        TarEntry entry;
        final int layer;
        final int place;
        final @Nullable Map<String, Name> children;

        Inode(TarEntry entry, int layer, int place) {
            this.entry = entry;
            this.layer = layer;
            this.place = place;
            this.children = entry.type() == TarEntry.Type.DIRECTORY ? new TreeMap<>() : null;
        }
    }

    /** A name in a directory, and the layer that has (last) said so. */
    record Name(Inode inode, int layer) {}

    private final Inode root = new Inode(TarEntry.directory(""), 0, -1);

    /** Takes the entry at a place of a layer; layers come lowest first, entries in their order. */
    void add(TarEntry entry, int layer, int place) {
        List<String> path = components(entry.name());
        if (path.isEmpty()) {
            if (entry.type() == TarEntry.Type.DIRECTORY) {
                root.entry = entry;
            }
            return;
        }
        String name = path.getLast();
        Map<String, Name> folder =
                children(folder(path.subList(0, path.size() - 1), layer, entry.name()));
        if (name.startsWith(WHITEOUT)) {
            whiteOut(folder, name, layer);
        } else if (entry.type() == TarEntry.Type.HARD_LINK) {
            folder.put(name, new Name(target(entry, layer), layer));
        } else {
            put(folder, name, entry, layer, place);
        }
    }

    Inode root() {
        return root;
    }

    static Map<String, Name> children(Inode directory) {
        Map<String, Name> children = directory.children;
        if (children == null) {
            throw new IllegalStateException("not a directory: " + directory.entry.name());
        }
        return children;
    }

    private static void put(
            Map<String, Name> folder, String name, TarEntry entry, int layer, int place) {
        Name existing = folder.get(name);
        if (existing != null
                && existing.inode.children != null
                && entry.type() == TarEntry.Type.DIRECTORY) {
            existing.inode.entry = entry;
            folder.put(name, new Name(existing.inode, layer));
        } else {
            folder.put(name, new Name(new Inode(entry, layer, place), layer));
        }
    }

    private static void whiteOut(Map<String, Name> folder, String name, int layer) {
        if (name.equals(OPAQUE)) {
            folder.values().removeIf(child -> gone(child, layer));
            return;
        }
        String hidden = name.substring(WHITEOUT.length());
        Name child = folder.get(hidden); // other .wh..wh. names are bookkeeping of aufs
        if (child != null && gone(child, layer)) {
            folder.remove(hidden);
        }
    }

    /** Removes what layers below have put there; says whether nothing is left. */
    private static boolean gone(Name name, int layer) {
        Map<String, Name> children = name.inode.children;
        if (children != null) {
            children.values().removeIf(child -> gone(child, layer));
        }
        return name.layer < layer && (children == null || children.isEmpty());
    }

    private Inode target(TarEntry link, int layer) {
        List<String> path = components(link.link());
        if (!path.isEmpty()) {
            Inode folder = folder(path.subList(0, path.size() - 1), layer, link.name());
            Name target = children(folder).get(path.getLast());
            if (target != null && target.inode.children == null) {
                return target.inode;
            }
        }
        throw ImageException.invalid(
                "'" + link.name() + "' is a hard link to '" + link.link() + "', which is no file");
    }

    /**
     * Walks to a directory, following symbolic links within the root and making what is missing.
     */
    private Inode folder(List<String> path, int layer, String reason) {
        Deque<String> todo = new ArrayDeque<>(path);
        Deque<Inode> at = new ArrayDeque<>();
        at.push(root);
        int links = 0;
        while (!todo.isEmpty()) {
            String component = todo.pop();
            if (component.equals("..")) {
                if (at.size() > 1) {
                    at.pop();
                }
                continue;
            }
            Map<String, Name> children = children(at.element());
            Name next = children.get(component);
            if (next != null && next.inode.entry.type() == TarEntry.Type.SYMBOLIC_LINK) {
                if (++links > MAX_LINKS) {
                    throw ImageException.invalid("too many symbolic links on '" + reason + "'");
                }
                String target = next.inode.entry.link();
                if (target.startsWith("/")) {
                    at.clear();
                    at.push(root);
                }
                split(target).reversed().forEach(todo::push);
                continue;
            }
            if (next == null || next.inode.children == null) {
                next = new Name(new Inode(TarEntry.directory(component), layer, -1), layer);
                children.put(component, next);
            }
            at.push(next.inode);
            if (at.size() > MAX_DEPTH) {
                throw ImageException.invalid("'" + reason + "' is too deep");
            }
        }
        return at.element();
    }

    private static List<String> components(String path) {
        List<String> components = split(path);
        if (components.contains("..")) {
            throw ImageException.invalid("a layer has the path '" + path + "'");
        }
        return components;
    }

    private static List<String> split(String path) {
        if (path.length() > MAX_PATH) {
            throw ImageException.invalid("a layer has a path of " + path.length() + " bytes");
        }
        List<String> components = new ArrayList<>();
        for (String component : path.split("/", -1)) {
            if (component.length() > MAX_COMPONENT || component.indexOf('\0') >= 0) {
                throw ImageException.invalid("a layer has a name that no file system takes");
            }
            if (!component.isEmpty() && !component.equals(".")) {
                components.add(component);
            }
        }
        return components;
    }
}
