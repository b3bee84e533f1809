package io.hypernetes.api.types.core;

import io.hypernetes.api.types.kind.Field;

/** Rules for the restarts of one container (KEP-5307). */
final class RestartRules {

    private static final int MAX_RULES = 20;
    private static final int MAX_EXIT_CODES = 255;

    private static final String NO_POLICY =
            "must specify restartPolicy when restart rules are used";

    private RestartRules() {}

    /** Of a container that runs before others rules are not looked at without a policy. */
    static void checkInit(Field container) {
        Field policy = container.at("restartPolicy");
        if (policy.isSet()) {
            check(container);
        } else if (container.at("restartPolicyRules").isGiven()) {
            policy.tellRequired(NO_POLICY);
        }
    }

    static void check(Field container) {
        Field policy = container.at("restartPolicy");
        Field rules = container.at("restartPolicyRules");
        if (policy.isSet()) {
            policy.oneOf("Always", "Never", "OnFailure");
        } else if (rules.isGiven()) {
            policy.tellRequired(NO_POLICY);
        }
        if (rules.items().size() > MAX_RULES) {
            rules.tooMany(rules.items().size(), MAX_RULES);
        }
        for (Field rule : rules.items()) {
            rule.at("action").oneOf("Restart", "RestartAllContainers");
            Field codes = rule.at("exitCodes");
            if (!codes.isSet()) {
                codes.tellRequired("must be specified");
                continue;
            }
            codes.at("operator").oneOf("In", "NotIn");
            int count = codes.at("values").items().size();
            if (count > MAX_EXIT_CODES) {
                codes.at("values").tooMany(count, MAX_EXIT_CODES);
            }
        }
    }
}
