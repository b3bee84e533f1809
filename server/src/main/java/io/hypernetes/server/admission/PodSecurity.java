package io.hypernetes.server.admission;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.FieldError;
import io.hypernetes.api.Metadata;
import io.hypernetes.api.podsecurity.PodChecks;
import io.hypernetes.api.podsecurity.PodView;
import io.hypernetes.api.podsecurity.SecurityPolicy;
import io.hypernetes.api.podsecurity.SecurityPolicy.Level;
import io.hypernetes.api.podsecurity.SecurityPolicy.Standard;
import io.hypernetes.api.podsecurity.Violation;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.server.registry.Reads;
import io.hypernetes.server.registry.Served;
import io.hypernetes.store.Compare;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Pod Security admission (KEP-2579): a namespace's labels say what its pods may ask for. Pods are
 * refused, templates of pods only warned about.
 */
final class PodSecurity implements AdmissionController {
    private static final Set<String> CONTROLLERS =
            Set.of(
                    "replicationcontrollers",
                    "podtemplates",
                    "replicasets.apps",
                    "deployments.apps",
                    "daemonsets.apps",
                    "statefulsets.apps",
                    "jobs.batch",
                    "cronjobs.batch");

    /** The subresources of a pod that change what is run. */
    private static final Set<String> PARTS = Set.of("", "ephemeralcontainers", "resize");

    private final Reads reads;
    private final WorldObjects pods;
    private final TenantObjects tenants;

    PodSecurity(Reads reads) {
        this.reads = reads;
        this.tenants = new TenantObjects(reads);
        this.pods = new WorldObjects(reads, "", "pods");
    }

    @Override
    public List<Compare> validate(AdmissionRequest request) {
        if (!request.writes()) {
            return List.of();
        }
        if (request.isFor(BuiltinTypes.NAMESPACES) && request.subresource().isEmpty()) {
            namespace(request);
        } else if (request.isFor(BuiltinTypes.PODS) && PARTS.contains(request.subresource())) {
            pod(request);
        } else if (CONTROLLERS.contains(request.type().id().toString())
                && request.subresource().isEmpty()) {
            template(request);
        }
        return List.of();
    }

    private void namespace(AdmissionRequest request) {
        Level unlabelled = unlabelled(request);
        SecurityPolicy.Parsed now =
                SecurityPolicy.of(Metadata.labels(request.object()), unlabelled);
        List<FieldError> before =
                request.old()
                        .map(old -> SecurityPolicy.of(Metadata.labels(old), unlabelled).errors())
                        .orElse(List.of());
        if (!now.errors().isEmpty() && !now.errors().equals(before)) {
            throw ApiException.invalid(
                    request.type().groupVersionKind(), request.name(), now.errors());
        }
        if (request.old().isEmpty()) {
            return;
        }
        Standard enforce = now.policy().enforce();
        Standard was =
                SecurityPolicy.of(Metadata.labels(request.old().get()), unlabelled)
                        .policy()
                        .enforce();
        boolean laxer =
                enforce.minor() == was.minor() && enforce.level().compareTo(was.level()) <= 0;
        if (!enforce.equals(was) && enforce.level() != Level.PRIVILEGED && !laxer) {
            warnOfPods(request, enforce);
        }
    }

    private void warnOfPods(AdmissionRequest request, Standard enforce) {
        Map<String, TreeSet<String>> podsByReason = new TreeMap<>();
        for (Served pod : pods.list(request.call().tenant(), request.name())) {
            List<Violation> violations = PodChecks.violations(enforce, view(pod.tree()));
            if (!violations.isEmpty()) {
                podsByReason
                        .computeIfAbsent(Violation.reasons(violations), _ -> new TreeSet<>())
                        .add(pod.path().name());
            }
        }
        if (podsByReason.isEmpty()) {
            return;
        }
        request.call()
                .warnings()
                .accept(
                        "existing pods in namespace \""
                                + request.name()
                                + "\" violate the new PodSecurity enforce level \""
                                + enforce
                                + '"');
        podsByReason.entrySet().stream()
                .map(e -> e.getValue().first() + others(e.getValue().size() - 1) + e.getKey())
                .sorted()
                .forEach(request.call().warnings());
    }

    private static String others(int count) {
        return switch (count) {
            case 0 -> ": ";
            case 1 -> " (and 1 other pod): ";
            default -> " (and " + count + " other pods): ";
        };
    }

    private void pod(AdmissionRequest request) {
        SecurityPolicy policy = policy(request);
        if (policy.isFullyPrivileged()
                || request.old().filter(old -> !isOther(request.object(), old)).isPresent()) {
            return;
        }
        PodView pod = view(request.object());
        List<Violation> violations = PodChecks.violations(policy.enforce(), pod);
        if (!violations.isEmpty()) {
            throw ApiException.forbidden(
                    request.type().id(),
                    request.name(),
                    "violates PodSecurity \""
                            + policy.enforce()
                            + "\": "
                            + Violation.details(violations)
                            + howToLoosen(request, policy));
        }
        auditAndWarn(request, policy, pod);
    }

    private void template(AdmissionRequest request) {
        SecurityPolicy policy = policy(request);
        if (policy.warn().level() == Level.PRIVILEGED
                && policy.audit().level() == Level.PRIVILEGED) {
            return;
        }
        ObjectNode object = request.object();
        JsonNode template =
                switch (request.type().kind()) {
                    case "PodTemplate" -> object.path("template");
                    case "CronJob" ->
                            object.path("spec").path("jobTemplate").path("spec").path("template");
                    default -> object.path("spec").path("template");
                };
        if (template.isObject()) {
            auditAndWarn(
                    request, policy, new PodView(template.path("metadata"), template.path("spec")));
        }
    }

    private static void auditAndWarn(AdmissionRequest request, SecurityPolicy policy, PodView pod) {
        List<Violation> violations = PodChecks.violations(policy.warn(), pod);
        if (!violations.isEmpty()) {
            request.call().warnings().accept(would(policy.warn(), violations));
        }
        List<Violation> audited = PodChecks.violations(policy.audit(), pod);
        if (!audited.isEmpty()) {
            request.call()
                    .audit()
                    .accept(
                            "pod-security.kubernetes.io/audit-violations",
                            would(policy.audit(), audited));
        }
    }

    private static String would(Standard standard, List<Violation> violations) {
        return "would violate PodSecurity \"" + standard + "\": " + Violation.details(violations);
    }

    /** A namespace whose labels are wrong is held to the strictest. */
    private SecurityPolicy policy(AdmissionRequest request) {
        return SecurityPolicy.of(labels(request), unlabelled(request)).policy();
    }

    private Map<String, String> labels(AdmissionRequest request) {
        return reads.find(BuiltinTypes.NAMESPACES, request.call().tenant(), "", request.namespace())
                .map(namespace -> Metadata.labels(namespace.tree()))
                .orElse(Map.of());
    }

    /** The level of the tenant's namespaces that say nothing themselves. */
    private Level unlabelled(AdmissionRequest request) {
        return tenants.security(request.call().tenant()).pods();
    }

    /** Nobody wrote this level on the namespace: who meets it is told where it comes from. */
    private String howToLoosen(AdmissionRequest request, SecurityPolicy policy) {
        return labels(request).containsKey(SecurityPolicy.ENFORCE)
                ? ""
                : "; this is the tenant's default (%s), which the label %s=privileged on namespace \"%s\" changes"
                        .formatted(policy.enforce(), SecurityPolicy.ENFORCE, request.namespace());
    }

    private static PodView view(ObjectNode pod) {
        return new PodView(pod.path("metadata"), pod.path("spec"));
    }

    /** An update matters when containers come, go or change their image. */
    private static boolean isOther(ObjectNode pod, ObjectNode old) {
        for (String list : List.of("containers", "initContainers", "ephemeralContainers")) {
            if (!images(pod, list).equals(images(old, list))) {
                return true;
            }
        }
        return false;
    }

    private static Map<String, String> images(ObjectNode pod, String list) {
        Map<String, String> images = new TreeMap<>();
        for (JsonNode container : pod.path("spec").path(list)) {
            images.put(container.path("name").asString(""), container.path("image").asString(""));
        }
        return images;
    }
}
