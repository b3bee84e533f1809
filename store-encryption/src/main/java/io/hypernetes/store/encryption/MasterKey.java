package io.hypernetes.store.encryption;

import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;

/** What the tenants' keys lie under: 32 bytes, in memory while the server runs. */
public final class MasterKey {
    private static final ObjectMapper JSON = JsonMapper.shared();
    private final byte[] secret;

    private MasterKey(byte[] secret) {
        this.secret = secret;
    }

    /**
     * The key in a file, base64, made when there is none. Whoever has the file and the key ring can
     * read everything: keep it apart from both.
     */
    public static MasterKey ofFile(Path file) {
        try {
            if (!Files.exists(file)) {
                PrivateFiles.create(
                        file, Base64.getEncoder().encode(Sealing.random(Sealing.KEY_BYTES)));
            }
            byte[] secret = Base64.getMimeDecoder().decode(PrivateFiles.read(file));
            if (secret.length != Sealing.KEY_BYTES) {
                throw new EncryptionException(file + " holds no key: 32 bytes in base64 are");
            }
            return new MasterKey(secret);
        } catch (IOException e) {
            throw new UncheckedIOException(file.toString(), e);
        } catch (IllegalArgumentException e) {
            throw new EncryptionException(file + " is not in base64", e);
        }
    }

    /**
     * A key that is made here, and kept in a file sealed by a key service: it is asked once a
     * start. When the service uses another key of its own now, the file is sealed anew.
     */
    public static MasterKey ofService(KeyService service, Path file) {
        try {
            if (!Files.exists(file)) {
                PrivateFiles.create(file, json(service.seal(Sealing.random(Sealing.KEY_BYTES))));
            }
            KeyService.Sealed sealed = sealed(JSON.readTree(PrivateFiles.read(file)).asObject());
            byte[] secret = service.open(sealed);
            if (secret.length != Sealing.KEY_BYTES) {
                throw new EncryptionException("the key service gave back something else: " + file);
            }
            if (!service.keyId().equals(sealed.keyId())) {
                PrivateFiles.replace(file, json(service.seal(secret)));
            }
            return new MasterKey(secret);
        } catch (IOException e) {
            throw new UncheckedIOException(file.toString(), e);
        }
    }

    private static byte[] json(KeyService.Sealed sealed) {
        ObjectNode tree = JSON.createObjectNode();
        tree.put("keyId", sealed.keyId()).put("sealed", sealed.bytes());
        ObjectNode annotations = tree.putObject("annotations");
        sealed.annotations().forEach(annotations::put);
        return JSON.writeValueAsBytes(tree);
    }

    private static KeyService.Sealed sealed(ObjectNode tree) throws IOException {
        Map<String, byte[]> annotations = new HashMap<>();
        tree.path("annotations")
                .properties()
                .forEach(note ->
                        annotations.put(
                                note.getKey(),
                                Base64.getDecoder().decode(note.getValue().asString())));
        return new KeyService.Sealed(
                Base64.getDecoder().decode(tree.path("sealed").asString("")),
                tree.path("keyId").asString(""),
                annotations);
    }

    byte[] secret() {
        return secret;
    }

    @Override
    public String toString() {
        return "MasterKey[withheld]";
    }
}
