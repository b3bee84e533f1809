package io.hypernetes.network.external;

import java.util.Optional;

/**
 * Who is reached at a floating address, or why nobody is.
 *
 * @param kind Pod or Service; empty for nobody
 * @param podAddress of a pod, in its network
 * @param reason of the condition
 */
record Attachment(
        String kind, String name, Optional<String> podAddress, String reason, String message) {

    static Attachment none(String reason, String message) {
        return new Attachment("", "", Optional.empty(), reason, message);
    }

    static Attachment toPod(String name, String address) {
        return new Attachment(
                "Pod", name, Optional.of(address), "Attached", "pod " + name + " at " + address);
    }

    static Attachment toService(String name) {
        return new Attachment("Service", name, Optional.empty(), "Attached", "service " + name);
    }

    boolean holds() {
        return !kind.isEmpty();
    }
}
