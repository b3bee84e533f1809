package io.hypernetes.api.access;

import io.hypernetes.api.Tenant;

import tools.jackson.databind.node.ObjectNode;

import java.util.List;

/** Decides whether a request may be done. Denies by default. */
public interface Authorizer {

    /** The closed set of answers. */
    sealed interface Decision {
        /** Yes; {@code reason} tells which rule, for the audit. */
        record Allow(String reason) implements Decision {}

        /** No, whatever others say. */
        record Deny(String reason) implements Decision {}

        /** Does not know; the next authorizer is asked, and after the last it is a no. */
        record NoOpinion(String reason) implements Decision {}
    }

    Decision authorize(Attributes attributes);

    /**
     * What a user may do in a namespace, as far as this authorizer can list it.
     *
     * @param resourceRules as {@code SelfSubjectRulesReview} shows them
     * @param incomplete whether there may be more
     */
    record RuleList(
            List<ObjectNode> resourceRules, List<ObjectNode> nonResourceRules, boolean incomplete) {
        public static final RuleList UNKNOWN = new RuleList(List.of(), List.of(), true);
    }

    default RuleList rules(UserInfo user, Tenant tenant, String namespace) {
        return RuleList.UNKNOWN;
    }
}
