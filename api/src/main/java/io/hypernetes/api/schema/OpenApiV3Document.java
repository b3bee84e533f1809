package io.hypernetes.api.schema;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** One document of {@code /openapi/v3}; its bytes are not to be changed. */
public final class OpenApiV3Document {

    /** The content type of {@link #protobuf}. Also asked for with an @ in place of the last dot. */
    public static final String PROTOBUF_CONTENT_TYPE =
            "application/com.github.proto-openapi.spec.v3.v1.0+protobuf";

    private final byte[] json;
    private final String hash;

    /** Filled by the first call, as few clients ask for it; guarded by this. */
    private byte @Nullable [] protobuf;

    OpenApiV3Document(ObjectNode tree) {
        json = JsonMapper.shared().writeValueAsBytes(tree);
        hash = hash(json);
    }

    public byte[] json() {
        return json;
    }

    /** The same as a gnostic message. */
    public synchronized byte[] protobuf() {
        byte[] known = protobuf;
        if (known == null) {
            known = OpenApiV3Protobuf.encode(JsonMapper.shared().readTree(json));
            protobuf = known;
        }
        return known;
    }

    /**
     * SHA-512 of the JSON in upper-case hexadecimal digits: the {@code hash} of the index, and the
     * ETag of both forms.
     */
    public String hash() {
        return hash;
    }

    private static String hash(byte[] bytes) {
        try {
            return HexFormat.of()
                    .withUpperCase()
                    .formatHex(MessageDigest.getInstance("SHA-512").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-512", e);
        }
    }
}
