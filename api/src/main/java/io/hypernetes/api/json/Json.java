package io.hypernetes.api.json;

import io.hypernetes.api.ApiException;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * JSON trees and their canonical bytes.
 *
 * <p>Canonical means: {@code apiVersion}, {@code kind}, {@code metadata} come first in this order,
 * the fields of {@code metadata} are sorted but for {@code resourceVersion}, which is the first of
 * them, all other fields keep the order in which they came, nothing is indented, and numbers are
 * exact. The stored form carries no {@code metadata.resourceVersion}: the store's revision is the
 * version, and {@link #withResourceVersion} splices it in on the way out.
 */
public final class Json {

    /** Objects and arrays may be nested so deep. */
    public static final int MAX_DEPTH = 512;

    private static final byte[] METADATA = "\"metadata\":{".getBytes(StandardCharsets.ISO_8859_1);
    private static final byte[] RESOURCE_VERSION =
            "\"resourceVersion\":\"".getBytes(StandardCharsets.ISO_8859_1);

    private Json() {}

    /** An empty object. */
    public static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    /** As {@link #parseManifest} where nobody asks for duplicate fields: the last one wins. */
    public static ObjectNode parseObject(byte[] json) {
        return parseManifest(json).tree();
    }

    /**
     * The object in the body of a request, an empty one for null. Throws BadRequest when it is no
     * JSON object or is nested too deep, in the words of upstream's decoder.
     */
    public static Parsed parseManifest(byte[] json) {
        List<String> duplicates = new ArrayList<>();
        JsonNode tree;
        try {
            tree = JsonReader.read(json, duplicates);
        } catch (JsonSyntaxException e) {
            throw unreadable(e.text());
        }
        if (tree instanceof ObjectNode object) {
            return new Parsed(object, List.copyOf(duplicates));
        }
        if (tree.isNull()) {
            return new Parsed(object(), List.of());
        }
        throw unreadable(notAnObject(tree));
    }

    /** What Go says where it looks for the two fields that tell of what kind a text is. */
    static String notAnObject(JsonNode tree) {
        return "json: cannot unmarshal "
                + GoValue.jsonType(tree)
                + " into Go value of type struct { APIVersion string"
                + " \"json:\\\"apiVersion,omitempty\\\"\"; Kind string"
                + " \"json:\\\"kind,omitempty\\\"\" }";
    }

    /** Any JSON value. Throws BadRequest. */
    public static JsonNode parse(byte[] json) {
        return parse(json, new ArrayList<>());
    }

    /**
     * The same.
     *
     * @param duplicates gets {@code duplicate field "spec.replicas"} for every field that occurs
     *     twice
     */
    public static JsonNode parse(byte[] json, List<String> duplicates) {
        try {
            return JsonReader.read(json, duplicates);
        } catch (JsonSyntaxException e) {
            throw ApiException.badRequest(e.text());
        }
    }

    /** The canonical bytes. */
    public static byte[] write(JsonNode node) {
        return JsonWriter.write(node, false);
    }

    /** The same of what has a secret in it: no buffer keeps any of it. */
    public static byte[] writeSecret(JsonNode node) {
        return JsonWriter.write(JsonReader.FORGETFUL, node, false);
    }

    /** The canonical bytes without {@code metadata.resourceVersion}: the form that is stored. */
    public static byte[] writeStored(ObjectNode object) {
        return JsonWriter.write(object, true);
    }

    /** SHA-256 of what is written of it, for who wants to know whether two trees are the same. */
    public static String digest(JsonNode node) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(write(node)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** The canonical bytes as text. */
    public static String text(JsonNode node) {
        return new String(write(node), StandardCharsets.UTF_8);
    }

    /**
     * The stored bytes with {@code "resourceVersion":"REVISION"} as the first field of the
     * metadata.
     *
     * <p>The canonical order makes the first {@code "metadata":{} the object's own: before it come
     * only two texts, in which a quote would be escaped.
     *
     * @param canonical of {@link #writeStored}, with a metadata object
     */
    public static byte[] withResourceVersion(byte[] canonical, long revision) {
        int at = indexAfter(canonical, METADATA);
        byte[] digits = Long.toString(revision).getBytes(StandardCharsets.ISO_8859_1);
        boolean last = canonical[at] == '}';
        int added = RESOURCE_VERSION.length + digits.length + (last ? 1 : 2);
        byte[] out = new byte[canonical.length + added];
        System.arraycopy(canonical, 0, out, 0, at);
        System.arraycopy(RESOURCE_VERSION, 0, out, at, RESOURCE_VERSION.length);
        int next = at + RESOURCE_VERSION.length;
        System.arraycopy(digits, 0, out, next, digits.length);
        next += digits.length;
        out[next++] = '"';
        if (!last) {
            out[next++] = ',';
        }
        System.arraycopy(canonical, at, out, next, canonical.length - at);
        return out;
    }

    /**
     * Canonical bytes, with a resourceVersion or without, at this revision; nothing else is looked
     * at.
     */
    public static byte[] atResourceVersion(byte[] canonical, long revision) {
        int at = indexAfter(canonical, METADATA);
        int from = at + RESOURCE_VERSION.length;
        boolean versioned =
                from < canonical.length
                        && Arrays.equals(
                                canonical, at, from, RESOURCE_VERSION, 0, RESOURCE_VERSION.length);
        if (!versioned) {
            return withResourceVersion(canonical, revision);
        }
        int to = from;
        while (canonical[to] != '"') {
            to++;
        }
        byte[] digits = Long.toString(revision).getBytes(StandardCharsets.ISO_8859_1);
        byte[] out = new byte[canonical.length + digits.length - (to - from)];
        System.arraycopy(canonical, 0, out, 0, from);
        System.arraycopy(digits, 0, out, from, digits.length);
        System.arraycopy(canonical, to, out, from + digits.length, canonical.length - to);
        return out;
    }

    /** Removes {@code metadata.resourceVersion} in place; the same tree. */
    public static ObjectNode withoutResourceVersion(ObjectNode object) {
        if (object.get("metadata") instanceof ObjectNode metadata) {
            metadata.remove("resourceVersion");
        }
        return object;
    }

    /**
     * Whether two trees mean the same: the order of fields does not count, and 1 is 1 whether it is
     * held as an int, a long or a decimal, which {@code equals} of the nodes tells apart.
     */
    public static boolean same(JsonNode a, JsonNode b) {
        return JsonEquality.same(a, b);
    }

    static ApiException unreadable(String detail) {
        return ApiException.badRequest("couldn't get version/kind; json parse error: " + detail);
    }

    private static int indexAfter(byte[] bytes, byte[] wanted) {
        for (int i = 0; i + wanted.length < bytes.length; i++) {
            int j = 0;
            while (j < wanted.length && bytes[i + j] == wanted[j]) {
                j++;
            }
            if (j == wanted.length) {
                return i + j;
            }
        }
        throw new IllegalArgumentException("an object without metadata has no resourceVersion");
    }
}
