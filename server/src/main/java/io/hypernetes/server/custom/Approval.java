package io.hypernetes.server.custom;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.custom.Conditions;

import tools.jackson.databind.node.ObjectNode;

import java.time.Instant;
import java.util.regex.Pattern;

/**
 * Groups of the Kubernetes project itself need an approval; its condition says whether it is there.
 */
final class Approval {
    private static final String ANNOTATION = "api-approved.kubernetes.io";
    private static final String CONDITION = "KubernetesAPIApprovalPolicyConformant";
    private static final Pattern GUARDED = Pattern.compile("(.*\\.)?(k8s|kubernetes)\\.io");
    private static final String SEE = ", see https://github.com/kubernetes/enhancements/pull/1111";

    private Approval() {}

    /** Sets the condition in place; whether that changed anything. */
    static boolean tell(ObjectNode definition, Instant now) {
        if (!GUARDED.matcher(definition.path("spec").path("group").asString("")).matches()) {
            return false;
        }
        String approval = Metadata.annotation(definition, ANNOTATION);
        if (approval.isEmpty()) {
            return Conditions.set(
                    definition,
                    CONDITION,
                    false,
                    "MissingAnnotation",
                    "protected groups must have approval annotation \"" + ANNOTATION + "\"" + SEE,
                    now);
        }
        return approval.startsWith("unapproved")
                ? Conditions.set(
                        definition,
                        CONDITION,
                        false,
                        "UnapprovedAnnotation",
                        "not approved: \"" + approval + "\"",
                        now)
                : Conditions.set(
                        definition,
                        CONDITION,
                        true,
                        "ApprovedAnnotation",
                        "approved in " + approval,
                        now);
    }
}
