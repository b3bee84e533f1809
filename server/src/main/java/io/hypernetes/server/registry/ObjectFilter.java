package io.hypernetes.server.registry;

import io.hypernetes.api.ResourceType;
import io.hypernetes.api.select.FieldSelector;
import io.hypernetes.api.select.LabelSelector;

import tools.jackson.databind.node.ObjectNode;

/** The label and field selector of a list or watch. */
public record ObjectFilter(LabelSelector labels, FieldSelector fields) {
    public static final ObjectFilter EVERYTHING =
            new ObjectFilter(LabelSelector.EVERYTHING, FieldSelector.EVERYTHING);

    /** Throws BadRequest for a selector that is none or names a field that cannot be selected. */
    public static ObjectFilter parse(ResourceType type, String labels, String fields) {
        FieldSelector fieldSelector =
                fields.isEmpty() ? FieldSelector.EVERYTHING : FieldSelector.parse(fields);
        fieldSelector.check(type);
        return new ObjectFilter(
                labels.isEmpty() ? LabelSelector.EVERYTHING : LabelSelector.parse(labels),
                fieldSelector);
    }

    public boolean isEverything() {
        return labels.isEverything() && fields.isEverything();
    }

    /** Nothing is parsed of what its key decides. */
    boolean matches(ResourceType type, Served object) {
        return isEverything()
                || (fields.matchesKey(object.path().namespace(), object.path().name())
                        && (!looksInside() || matches(type, object.tree())));
    }

    private boolean matches(ResourceType type, ObjectNode object) {
        return labels.matches(object) && fields.matches(type, object);
    }

    private boolean looksInside() {
        return !labels.isEverything() || fields.looksInside();
    }
}
