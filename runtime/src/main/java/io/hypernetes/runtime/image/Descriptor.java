package io.hypernetes.runtime.image;

import tools.jackson.databind.JsonNode;

/** A reference to content (OCI image specification, descriptors). */
record Descriptor(String mediaType, Digest digest, long size) {

    Descriptor {
        if (size < 0) {
            throw ImageException.invalid("a descriptor has the size " + size);
        }
    }

    static Descriptor read(JsonNode node) {
        return new Descriptor(
                node.path("mediaType").asString(""),
                Digest.parse(node.path("digest").asString("")),
                node.path("size").asLong(-1));
    }
}
