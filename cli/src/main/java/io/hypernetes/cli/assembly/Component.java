package io.hypernetes.cli.assembly;

import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** The parts of the program that can be run alone. The API is always there. */
public enum Component {
    /** Reads and writes of objects over HTTPS. */
    API,
    /** Tenants, users' rights, namespaces, service accounts. */
    CONTROLLERS,
    SCHEDULER,
    /** This machine's virtual machines, networks and volumes; needs root. */
    NODE;

    /** As the command line says it: {@code api}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    static String names(Set<Component> components) {
        return components.stream()
                .sorted()
                .map(Component::toString)
                .collect(Collectors.joining(", "));
    }
}
