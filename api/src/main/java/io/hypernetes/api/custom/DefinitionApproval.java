package io.hypernetes.api.custom;

import io.hypernetes.api.types.kind.Field;

import java.net.URI;
import java.net.URISyntaxException;

/**
 * Definitions in groups of Kubernetes say who approved them (KEP-1111), so that nobody takes
 * anybody's API for the community's.
 */
final class DefinitionApproval {

    private static final String APPROVED = "api-approved.kubernetes.io";
    private static final String SENTENCE =
            "protected groups must have approval annotation \"" + APPROVED + "\"";
    private static final String SEE = ", see https://github.com/kubernetes/enhancements/pull/1111";

    private enum State {
        MISSING,
        INVALID,
        UNAPPROVED,
        APPROVED
    }

    private DefinitionApproval() {}

    /**
     * @param old nothing when it is made; what does not change is not told
     */
    static void check(Field definition, Field old) {
        if (!isProtected(definition.at("spec", "group").text())) {
            return;
        }
        Field approved = annotation(definition);
        State state = state(approved);
        if (old.isGiven() && state(annotation(old)) == state) {
            return;
        }
        switch (state) {
            case MISSING -> approved.tellRequired(SENTENCE + SEE);
            case INVALID ->
                    approved.invalid(
                            SENTENCE
                                    + " with either a URL or a reason starting with"
                                    + " \"unapproved\""
                                    + SEE);
            case UNAPPROVED, APPROVED -> {}
        }
    }

    private static boolean isProtected(String group) {
        return group.equals("k8s.io")
                || group.endsWith(".k8s.io")
                || group.equals("kubernetes.io")
                || group.endsWith(".kubernetes.io");
    }

    private static Field annotation(Field definition) {
        return definition.at("metadata", "annotations").key(APPROVED);
    }

    private static State state(Field approved) {
        if (!approved.isGiven()) {
            return State.MISSING;
        }
        if (approved.text().startsWith("unapproved")) {
            return State.UNAPPROVED;
        }
        return isUrl(approved.text()) ? State.APPROVED : State.INVALID;
    }

    private static boolean isUrl(String text) {
        try {
            URI uri = new URI(text);
            return uri.getScheme() != null && uri.getHost() != null;
        } catch (URISyntaxException _) {
            return false;
        }
    }
}
