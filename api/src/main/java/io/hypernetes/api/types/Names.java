package io.hypernetes.api.types;

import java.util.List;

/** The forms of names, each with Kubernetes' sentence for a name that is not of it. */
public final class Names {

    private Names() {}

    public static List<String> dnsSubdomain(String name) {
        throw new UnsupportedOperationException();
    }

    public static List<String> dnsLabel(String name) {
        throw new UnsupportedOperationException();
    }

    public static List<String> pathSegment(String name) {
        throw new UnsupportedOperationException();
    }
}
