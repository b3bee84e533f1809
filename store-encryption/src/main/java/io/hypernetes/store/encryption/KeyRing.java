package io.hypernetes.store.encryption;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * The tenants' data keys: a folder with a file for each tenant, in it its keys under the master
 * key, the newest last. It is no part of the store, so that a copy of the store has no key in it,
 * and a key that is destroyed here is destroyed.
 */
public final class KeyRing {
    private static final ObjectMapper JSON = JsonMapper.shared();
    private static final String KEYS = ".keys";
    private static final String ENDING = ".ending";
    private static final String DESTROYED = ".destroyed";
    private static final int ID_BYTES = 8;

    private final Path folder;
    private final MasterKey master;
    private final ConcurrentHashMap<String, List<DataKey>> known = new ConcurrentHashMap<>();

    public KeyRing(Path folder, MasterKey master) {
        this.folder = folder;
        this.master = master;
    }

    /** The key to seal with; a tenant that has none gets its first. */
    DataKey active(String tenant) {
        return known.computeIfAbsent(tenant, this::loadOrMake).getLast();
    }

    /** Empty when there is no such key (any more). */
    Optional<DataKey> find(String tenant, String id) {
        Optional<DataKey> found = of(known.getOrDefault(tenant, List.of()), id);
        if (found.isPresent()) {
            return found;
        }
        // Another server may have made it.
        List<DataKey> loaded = load(tenant);
        if (!loaded.isEmpty()) {
            known.put(tenant, loaded);
        }
        return of(loaded, id);
    }

    private static Optional<DataKey> of(List<DataKey> keys, String id) {
        return keys.stream().filter(key -> key.id().equals(id)).findFirst();
    }

    private List<DataKey> loadOrMake(String tenant) {
        List<DataKey> loaded = load(tenant);
        if (!loaded.isEmpty()) {
            return loaded;
        }
        try {
            PrivateFiles.create(file(tenant, KEYS), json(tenant, List.of(fresh(""))));
        } catch (IOException e) {
            throw new UncheckedIOException("the key of tenant " + tenant, e);
        }
        return load(tenant);
    }

    private static DataKey fresh(String cause) {
        return new DataKey(
                HexFormat.of().formatHex(Sealing.random(ID_BYTES)),
                Sealing.random(Sealing.KEY_BYTES),
                cause);
    }

    /** A new key to seal with; older ones stay, for copies of the store that were made before. */
    synchronized void rotate(String tenant, String cause) {
        List<DataKey> keys = new ArrayList<>(load(tenant));
        if (!keys.isEmpty() && keys.getLast().cause().equals(cause)) {
            return;
        }
        keys.add(fresh(cause));
        write(tenant, keys);
    }

    /** Tenants whose destruction was begun. */
    List<String> ending() {
        return names(ENDING);
    }

    private List<String> names(String suffix) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> !name.startsWith(".") && name.endsWith(suffix))
                    .map(name -> name.substring(0, name.length() - suffix.length()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Written down before a tenant goes, so that a kill afterwards is made good by the next start.
     */
    void intendToDestroy(String tenant) {
        mark(tenant, ENDING);
    }

    void spare(String tenant) {
        remove(tenant, ENDING);
    }

    /** From now on nobody reads what the tenant's keys have sealed. */
    synchronized void destroy(String tenant) {
        known.remove(tenant);
        if (Files.exists(file(tenant, KEYS))) {
            mark(tenant, DESTROYED);
            remove(tenant, KEYS);
        }
        remove(tenant, ENDING);
    }

    /** Another server may have destroyed them. */
    void forget(String tenant) {
        known.remove(tenant);
    }

    /** Whether keys of a tenant of that name were destroyed here. */
    boolean wasDestroyed(String tenant) {
        return Files.exists(file(tenant, DESTROYED));
    }

    private void mark(String tenant, String suffix) {
        try {
            PrivateFiles.create(file(tenant, suffix), new byte[0]);
        } catch (IOException e) {
            throw new UncheckedIOException("the key of tenant " + tenant, e);
        }
    }

    private void remove(String tenant, String suffix) {
        try {
            PrivateFiles.delete(file(tenant, suffix));
        } catch (IOException e) {
            throw new UncheckedIOException("the key of tenant " + tenant, e);
        }
    }

    /** A tenant's name is a DNS label: it leads nowhere else. */
    private Path file(String tenant, String suffix) {
        return folder.resolve(tenant + suffix);
    }

    private void write(String tenant, List<DataKey> keys) {
        try {
            PrivateFiles.replace(file(tenant, KEYS), json(tenant, keys));
            known.put(tenant, List.copyOf(keys));
        } catch (IOException e) {
            throw new UncheckedIOException("the keys of tenant " + tenant, e);
        }
    }

    private byte[] json(String tenant, List<DataKey> keys) {
        ArrayNode array = JSON.createArrayNode();
        for (DataKey key : keys) {
            array.addObject()
                    .put("id", key.id())
                    .put("cause", key.cause())
                    .put(
                            "sealed",
                            Sealing.seal(master.secret(), key.secret(), bound(tenant, key.id())));
        }
        return JSON.writeValueAsBytes(array);
    }

    /** A key is of its tenant: a file that was moved to another's name does not open. */
    private static byte[] bound(String tenant, String id) {
        return ("data key " + tenant + " " + id).getBytes(StandardCharsets.UTF_8);
    }

    private List<DataKey> load(String tenant) {
        Path file = file(tenant, KEYS);
        if (!Files.exists(file)) {
            return List.of();
        }
        List<DataKey> keys = new ArrayList<>();
        try {
            for (JsonNode key : JSON.readTree(PrivateFiles.read(file))) {
                String id = key.path("id").asString("");
                byte[] sealed = Base64.getDecoder().decode(key.path("sealed").asString(""));
                byte[] secret = Sealing.open(master.secret(), sealed, bound(tenant, id));
                keys.add(new DataKey(id, secret, key.path("cause").asString("")));
            }
        } catch (GeneralSecurityException e) {
            throw new EncryptionException(
                    file + " lies under another master key: start with the one it was made with",
                    e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return List.copyOf(keys);
    }
}
