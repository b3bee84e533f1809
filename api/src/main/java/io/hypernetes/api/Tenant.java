package io.hypernetes.api;

import java.util.regex.Pattern;

/**
 * The unit of isolation: whose object, request, network or virtual machine this is.
 *
 * <p>It is a part of every key and a parameter of every call, never a label and never a header from
 * outside, so that code cannot read or write an object without saying whose it is.
 *
 * @param name an RFC 1123 label: at most 63 lower-case letters, digits and inner dashes
 */
public record Tenant(String name) implements Comparable<Tenant> {

    private static final Pattern LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");

    /** The operator's own tenant. Its world is an ordinary Kubernetes cluster. */
    public static final Tenant SYSTEM = new Tenant("system");

    public Tenant {
        if (!LABEL.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "a tenant's name is a DNS label (lower-case letters, digits, '-', at most 63):"
                            + " '"
                            + name
                            + "'");
        }
    }

    public boolean isSystem() {
        return equals(SYSTEM);
    }

    @Override
    public int compareTo(Tenant other) {
        return name.compareTo(other.name);
    }

    @Override
    public String toString() {
        return name;
    }
}
