package io.hypernetes.api.protobuf;

import io.hypernetes.api.schema.Property;
import io.hypernetes.api.schema.Schema;

import tools.jackson.databind.JsonNode;

import java.util.Set;

/**
 * Tells zero values that mean something from those that only stand there because the encoder writes
 * every field that is no pointer. The wire does not say which is which, so the fields that are
 * pointers in Go, and whose zero differs from nothing, are listed.
 */
final class ZeroValues {
    private static final Set<String> MEANINGFUL =
            Set.of(
                    // texts
                    "storageClassName",
                    // numbers
                    "terminationGracePeriodSeconds",
                    "gracePeriodSeconds",
                    "runAsUser",
                    "runAsGroup",
                    "fsGroup",
                    "replicas",
                    "parallelism",
                    "completions",
                    "backoffLimit",
                    "ttlSecondsAfterFinished",
                    "tolerationSeconds",
                    "defaultMode",
                    "mode",
                    "priority",
                    "partition",
                    "limitBytes",
                    "tailLines",
                    // flags
                    "allowPrivilegeEscalation",
                    "automountServiceAccountToken",
                    "readOnlyRootFilesystem",
                    "privileged",
                    "runAsNonRoot",
                    "optional",
                    "enableServiceLinks",
                    "immutable",
                    "shareProcessNamespace",
                    "allowVolumeExpansion",
                    "controller",
                    "blockOwnerDeletion",
                    "hostUsers",
                    "orphanDependents",
                    "allocateLoadBalancerNodePorts");

    private ZeroValues() {}

    /**
     * A required field is one that Go writes in JSON too, whatever it holds; a value of any shape
     * ({@code default: false}) is there because somebody wrote it.
     */
    static boolean isLeftOut(Property field, JsonNode value) {
        boolean zero =
                (value.isString() && value.stringValue().isEmpty())
                        || (value.isNumber() && value.doubleValue() == 0)
                        || (value.isBoolean() && !value.booleanValue());
        boolean any = field.schema() instanceof Schema.Any;
        return zero && !any && !field.required() && !MEANINGFUL.contains(field.name());
    }
}
