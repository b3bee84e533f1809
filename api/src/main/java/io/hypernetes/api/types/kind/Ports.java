package io.hypernetes.api.types.kind;

import io.hypernetes.api.names.Names;

/** Rules for ports. */
public final class Ports {

    private Ports() {}

    /** A number, or the name of a container's port. */
    public static void numberOrName(Field port) {
        if (port.value().isString()) {
            Names.portName(port.text()).forEach(sentence -> port.invalid(port.text(), sentence));
        } else {
            port.between(1, 65535);
        }
    }
}
