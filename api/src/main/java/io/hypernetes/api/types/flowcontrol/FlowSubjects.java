package io.hypernetes.api.types.flowcontrol;

import io.hypernetes.api.names.Names;
import io.hypernetes.api.types.kind.Field;

import java.util.List;
import java.util.Map;

/** Whose requests a flow schema is for. */
final class FlowSubjects {

    /** In the order in which upstream looks at what should not be there. */
    private static final Map<String, List<String>> OTHERS =
            Map.of(
                    "ServiceAccount", List.of("User", "Group"),
                    "User", List.of("ServiceAccount", "Group"),
                    "Group", List.of("ServiceAccount", "User"));

    private FlowSubjects() {}

    static void check(Field subject) {
        Field kind = subject.at("kind");
        List<String> others = OTHERS.get(kind.text());
        if (others == null) {
            kind.notSupported(List.of("Group", "ServiceAccount", "User"));
            return;
        }
        String own = field(kind.text());
        Field details = subject.at(own);
        if (details.isSet()) {
            details(kind.text(), details);
        } else {
            details.tellRequired(own + " is required when subject kind is '" + kind.text() + "'");
        }
        for (String other : others) {
            subject.at(field(other))
                    .forbiddenIfSet(
                            field(other)
                                    + " is forbidden when subject kind is not '"
                                    + other
                                    + "'");
        }
    }

    private static String field(String kind) {
        return Character.toLowerCase(kind.charAt(0)) + kind.substring(1);
    }

    private static void details(String kind, Field details) {
        Field name = details.at("name");
        name.required();
        if (!kind.equals("ServiceAccount")) {
            return;
        }
        if (name.isGiven() && !name.is("*")) {
            name.form(Names::dnsSubdomain);
        }
        Field namespace = details.at("namespace");
        if (namespace.isGiven()) {
            namespace.form(Names::dnsLabel);
        } else {
            namespace.tellRequired("must specify namespace for service account");
        }
    }
}
