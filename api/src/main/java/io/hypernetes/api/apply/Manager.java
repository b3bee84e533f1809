package io.hypernetes.api.apply;

/**
 * Who owns fields. Two entries of an object's {@code managedFields} with equal managers are one.
 *
 * @param name of the program: {@code kubectl}, {@code kube-controller-manager}
 * @param apiVersion of the update; empty for an applier, which stays the same in all versions
 * @param subresource through which it wrote, empty for the main resource
 */
public record Manager(String name, Operation operation, String apiVersion, String subresource)
        implements Comparable<Manager> {

    /** How the fields came to be owned. In the order in which entries are written. */
    public enum Operation {
        APPLY("Apply"),
        UPDATE("Update");

        private final String text;

        Operation(String text) {
            this.text = text;
        }

        public String text() {
            return text;
        }
    }

    static Manager applier(String name, String subresource) {
        return new Manager(name, Operation.APPLY, "", subresource);
    }

    static Manager updater(String name, String apiVersion, String subresource) {
        return new Manager(name, Operation.UPDATE, apiVersion, subresource);
    }

    public boolean applies() {
        return operation == Operation.APPLY;
    }

    @Override
    public int compareTo(Manager other) {
        int names = name.compareTo(other.name);
        if (names != 0) {
            return names;
        }
        int operations = operation.compareTo(other.operation);
        if (operations != 0) {
            return operations;
        }
        int versions = apiVersion.compareTo(other.apiVersion);
        return versions != 0 ? versions : subresource.compareTo(other.subresource);
    }

    /** As a conflict names it. */
    @Override
    public String toString() {
        String text = '"' + name.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
        if (!subresource.isEmpty()) {
            text += " with subresource \"" + subresource + '"';
        }
        return applies() ? text : text + " using " + apiVersion;
    }
}
