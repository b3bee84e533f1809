package io.hypernetes.api.podsecurity;

import tools.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** Seccomp profiles: nobody runs without, and at the restricted level everybody says which. */
final class SeccompChecks {
    private static final String REASON = "seccompProfile";
    private static final String OF_POD = "seccomp.security.alpha.kubernetes.io/pod";
    private static final String OF_CONTAINER = "container.seccomp.security.alpha.kubernetes.io/";

    private SeccompChecks() {}

    private static boolean isValid(String type) {
        return type.equals("Localhost") || type.equals("RuntimeDefault");
    }

    /** Before 1.19 the profile was an annotation. */
    static Optional<Violation> annotations(PodView pod) {
        TreeSet<String> forbidden = new TreeSet<>();
        List<String> keys = new ArrayList<>(List.of(OF_POD));
        pod.named(_ -> true).forEach(name -> keys.add(OF_CONTAINER + name));
        for (String key : keys) {
            JsonNode value = pod.metadata().path("annotations").path(key);
            String text = value.asString("");
            boolean valid =
                    text.equals("runtime/default")
                            || text.equals("docker/default")
                            || text.startsWith("localhost/");
            if (value.isString() && !valid) {
                forbidden.add(key + "=\"" + text + '"');
            }
        }
        return forbidden.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new Violation(
                                REASON,
                                "forbidden "
                                        + (forbidden.size() == 1 ? "annotation" : "annotations")
                                        + " "
                                        + String.join(", ", forbidden)));
    }

    static Optional<Violation> baseline(PodView pod) {
        TreeSet<String> values = new TreeSet<>();
        boolean podIsBad = isBad(pod.securityContext(), values);
        List<String> containers = pod.named(c -> isBad(c.path("securityContext"), values));
        return values.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new Violation(
                                REASON,
                                PodView.setters(podIsBad, containers)
                                        + " must not set securityContext.seccompProfile.type to "
                                        + Violation.quoted(values)));
    }

    private static boolean isBad(JsonNode context, TreeSet<String> values) {
        JsonNode profile = context.path("seccompProfile");
        String type = profile.path("type").asString("");
        boolean bad = profile.isObject() && !isValid(type);
        if (bad) {
            values.add(type);
        }
        return bad;
    }

    static Optional<Violation> restricted(PodView pod) {
        Optional<Violation> wrong = baseline(pod);
        if (wrong.isPresent() || pod.securityContext().path("seccompProfile").isObject()) {
            return wrong;
        }
        List<String> silent =
                pod.named(c -> !c.path("securityContext").path("seccompProfile").isObject());
        return silent.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new Violation(
                                REASON,
                                "pod or "
                                        + Violation.containers(silent)
                                        + " must set securityContext.seccompProfile.type to"
                                        + " \"RuntimeDefault\" or \"Localhost\""));
    }
}
