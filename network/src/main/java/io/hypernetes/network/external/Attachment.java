package io.hypernetes.network.external;

import java.util.List;

/**
 * Who is reached at a floating address, or why nobody is.
 *
 * @param kind Pod or Service; empty for nobody
 * @param ways to a pod, at most one of each family, that of IPv4 first
 * @param reason of the condition
 */
record Attachment(String kind, String name, List<Way> ways, String reason, String message) {

    /**
     * @param pod its address in its network
     */
    record Way(String outside, String pod) {}

    static Attachment none(String reason, String message) {
        return new Attachment("", "", List.of(), reason, message);
    }

    static Attachment toPod(String name, List<Way> ways) {
        String at = String.join(" and ", ways.stream().map(Way::pod).toList());
        return new Attachment("Pod", name, ways, "Attached", "pod " + name + " at " + at);
    }

    static Attachment toService(String name) {
        return new Attachment("Service", name, List.of(), "Attached", "service " + name);
    }

    boolean holds() {
        return !kind.isEmpty();
    }
}
