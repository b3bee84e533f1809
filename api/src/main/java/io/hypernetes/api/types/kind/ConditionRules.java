package io.hypernetes.api.types.kind;

import io.hypernetes.api.names.Names;

import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;

/** The rules for lists of {@code metav1.Condition}. */
public final class ConditionRules {

    private static final int MAX_REASON = 1024;
    private static final int MAX_MESSAGE = 32 * 1024;
    private static final String REASON = "[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?";
    private static final Pattern IS_REASON = Pattern.compile(REASON);

    private ConditionRules() {}

    public static void check(Field conditions) {
        Set<String> types = new HashSet<>();
        for (Field condition : conditions.items()) {
            Field type = condition.at("type");
            if (!types.add(type.text())) {
                type.duplicate(type.text());
            }
            type.form(Names::qualifiedName);
            condition.at("status").oneOf("False", "True", "Unknown");
            Field generation = condition.at("observedGeneration");
            if (generation.number() < 0) {
                generation.invalid("must be greater than or equal to zero");
            }
            condition.at("lastTransitionTime").required();
            reason(condition.at("reason").required().ifGiven());
            if (condition.at("message").text().length() > MAX_MESSAGE) {
                condition.at("message").tooLong(MAX_MESSAGE);
            }
        }
    }

    private static void reason(Field reason) {
        if (!reason.isGiven()) {
            return;
        }
        if (!IS_REASON.matcher(reason.text()).matches()) {
            reason.invalid(
                    "a condition reason must start with alphabetic character, optionally followed"
                            + " by a string of alphanumeric characters or '_,:', and must end with"
                            + " an alphanumeric character or '_' (e.g. 'my_name',  or 'MY_NAME', "
                            + " or 'MyName',  or 'ReasonA,ReasonB',  or 'ReasonA:ReasonB', regex"
                            + " used for validation is '"
                            + REASON
                            + "')");
        }
        if (reason.text().length() > MAX_REASON) {
            reason.tooLong(MAX_REASON);
        }
    }
}
