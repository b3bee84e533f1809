package io.hypernetes.api.types.core;

import io.hypernetes.api.types.kind.Field;

import java.util.regex.Pattern;

/** Rules for the annotations that mean something for a pod. */
final class PodAnnotationRules {

    static final String MIRROR = "kubernetes.io/config.mirror";

    private static final String DELETION_COST = "controller.kubernetes.io/pod-deletion-cost";
    private static final Pattern INTEGER = Pattern.compile("-?(0|[1-9][0-9]{0,9})");

    private PodAnnotationRules() {}

    static void check(Field annotations, Field spec) {
        Field mirror = annotations.key(MIRROR);
        if (mirror.isSet() && !spec.at("nodeName").isGiven()) {
            mirror.invalid("must set spec.nodeName if mirror pod annotation is set");
        }
        Field cost = annotations.key(DELETION_COST);
        if (cost.isSet() && !isCost(cost.text())) {
            cost.invalid("must be a 32bit integer");
        }
    }

    private static boolean isCost(String text) {
        if (!INTEGER.matcher(text).matches()) {
            return false;
        }
        long cost = Long.parseLong(text);
        return cost == (int) cost;
    }

    /** What the node's own pods are told by may not come or go. */
    static void checkUpdate(Field annotations, Field old) {
        Field mirror = annotations.key(MIRROR);
        Field before = old.key(MIRROR);
        if (before.isSet() && !mirror.same(before)) {
            mirror.forbidden("may not remove or update mirror pod annotation");
        } else if (!before.isSet() && mirror.isSet()) {
            mirror.forbidden("may not add mirror pod annotation");
        }
    }
}
