package io.hypernetes.api.patch;

import java.util.ArrayList;
import java.util.List;

/**
 * RFC 6901, as steps.
 *
 * @param text as it came, for messages
 */
record JsonPointer(String text, List<String> steps) {

    /** Throws {@link PatchFailure} for a text that is neither empty nor begins with a slash. */
    static JsonPointer parse(String text) throws PatchFailure {
        if (text.isEmpty()) {
            return new JsonPointer(text, List.of());
        }
        if (text.charAt(0) != '/') {
            throw new PatchFailure("invalid JSON pointer: \"" + text + "\" must start with '/'");
        }
        List<String> steps = new ArrayList<>();
        for (String step : text.substring(1).split("/", -1)) {
            steps.add(step.replace("~1", "/").replace("~0", "~"));
        }
        return new JsonPointer(text, List.copyOf(steps));
    }

    boolean isRoot() {
        return steps.isEmpty();
    }

    List<String> parent() {
        return steps.subList(0, steps.size() - 1);
    }

    String last() {
        return steps.getLast();
    }

    boolean isInside(JsonPointer other) {
        return steps.size() > other.steps.size()
                && steps.subList(0, other.steps.size()).equals(other.steps);
    }
}
