package io.hypernetes.api.protobuf;

import io.hypernetes.api.GroupVersionKind;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * What Kubernetes puts around a message: {@code "k8s\0"} and a {@code runtime.Unknown} that names
 * apiVersion and kind. An event of a watch is a bare message behind its length in four bytes.
 */
public final class Envelope {
    static final byte[] MAGIC = {'k', '8', 's', 0};

    private Envelope() {}

    /** A message with its envelope. */
    public static byte[] of(String apiVersion, String kind, byte[] message) {
        WireWriter out = new WireWriter(message.length + 64);
        out.text(4, "");
        out.text(3, "");
        out.bytes(2, message);
        typeMeta(out, apiVersion, kind);
        out.raw(MAGIC);
        return out.bytes();
    }

    /**
     * A list: its metadata in field 1, its items in field 2. The items are not copied.
     *
     * @return chunks, to be written one after the other
     */
    public static List<byte[]> list(
            String apiVersion, String kind, byte[] listMeta, List<byte[]> items) {
        List<byte[]> chunks = new ArrayList<>(items.size() * 2 + 3);
        WireWriter metadata = new WireWriter(listMeta.length + 16);
        metadata.bytes(1, listMeta);
        chunks.add(metadata.bytes());
        for (byte[] item : items) {
            chunks.add(head(2, item.length));
            chunks.add(item);
        }
        long length = chunks.stream().mapToLong(chunk -> chunk.length).sum();
        WireWriter opening = new WireWriter(64);
        opening.raw(head(2, length));
        typeMeta(opening, apiVersion, kind);
        opening.raw(MAGIC);
        chunks.addFirst(opening.bytes());
        WireWriter closing = new WireWriter(8);
        closing.text(4, "");
        closing.text(3, "");
        chunks.add(closing.bytes());
        return chunks;
    }

    /**
     * A frame of a watch's stream.
     *
     * @param object with its own envelope
     */
    public static byte[] event(String type, byte[] object) {
        WireWriter out = new WireWriter(object.length + 64);
        int mark = out.length();
        out.bytes(1, object);
        out.message(2, mark);
        out.text(1, type);
        out.raw(ByteBuffer.allocate(Integer.BYTES).putInt(out.length()).array());
        return out.bytes();
    }

    private static void typeMeta(WireWriter out, String apiVersion, String kind) {
        int mark = out.length();
        out.text(2, kind);
        out.text(1, apiVersion);
        out.message(1, mark);
    }

    private static byte[] head(int field, long length) {
        WireWriter out = new WireWriter(16);
        out.head(field, length);
        return out.bytes();
    }

    /** {@code rbac.authorization.k8s.io/v1} Role is {@code io.k8s.api.rbac.v1.Role}. */
    static String definition(GroupVersionKind kind) {
        if (kind.kind().equals("Status")
                || kind.kind().endsWith("Options") && !kind.kind().startsWith("Pod")
                || kind.group().equals("meta.k8s.io")) {
            return "io.k8s.apimachinery.pkg.apis.meta.v1." + kind.kind();
        }
        String home =
                switch (kind.group()) {
                    case "" -> "io.k8s.api.core";
                    case "apiextensions.k8s.io" ->
                            "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions";
                    case "apiregistration.k8s.io" ->
                            "io.k8s.kube-aggregator.pkg.apis.apiregistration";
                    case "internal.apiserver.k8s.io" -> "io.k8s.api.apiserverinternal";
                    default -> "io.k8s.api." + kind.group().split("\\.", 2)[0];
                };
        return home + "." + kind.version() + "." + kind.kind();
    }
}
