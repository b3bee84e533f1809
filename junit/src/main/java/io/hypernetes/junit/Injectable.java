package io.hypernetes.junit;

import io.hypernetes.embedded.World;

import java.util.Set;

/** The types that can be injected, by name: a client that nobody asks for is never loaded. */
final class Injectable {
    static final String FABRIC8 = "io.fabric8.kubernetes.client.KubernetesClient";
    static final String FABRIC8_CLIENT = "io.fabric8.kubernetes.client.Client";
    static final String OFFICIAL = "io.kubernetes.client.openapi.ApiClient";
    static final String PATH = "java.nio.file.Path";
    static final String STRING = "java.lang.String";

    /** Types that mean nothing else in a test. */
    private static final Set<String> PLAIN =
            Set.of(FABRIC8, FABRIC8_CLIENT, OFFICIAL, World.class.getName());

    /** Types that others inject too: only where the annotation stands. */
    private static final Set<String> SHARED = Set.of(PATH, STRING);

    private Injectable() {}

    static boolean is(Class<?> type, boolean annotated) {
        return PLAIN.contains(type.getName()) || (annotated && SHARED.contains(type.getName()));
    }
}
