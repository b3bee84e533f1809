package io.hypernetes.server.registry;

import io.hypernetes.api.Metadata;

import tools.jackson.databind.node.ObjectNode;

import java.util.concurrent.ThreadLocalRandom;

/** Names made from {@code metadata.generateName}, as upstream makes them. */
final class GeneratedNames {
    /** No vowels and no digits that look like letters: no words, no mistakes. */
    private static final String ALPHABET = "bcdfghjklmnpqrstvwxz2456789";

    private static final int SUFFIX = 5;
    private static final int LONGEST = 63;

    private GeneratedNames() {}

    static void fill(ObjectNode object) {
        String base = Metadata.generateName(object);
        StringBuilder name =
                new StringBuilder(base.substring(0, Math.min(base.length(), LONGEST - SUFFIX)));
        for (int i = 0; i < SUFFIX; i++) {
            name.append(ALPHABET.charAt(ThreadLocalRandom.current().nextInt(ALPHABET.length())));
        }
        Metadata.ensureMetadata(object).put("name", name.toString());
    }
}
