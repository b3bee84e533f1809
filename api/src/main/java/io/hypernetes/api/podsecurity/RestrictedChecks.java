package io.hypernetes.api.podsecurity;

import static io.hypernetes.api.podsecurity.PodView.isFalse;
import static io.hypernetes.api.podsecurity.PodView.isTrue;

import tools.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The checks of the restricted level: current best practice for hardened pods. */
final class RestrictedChecks {
    private static final Set<String> VOLUMES =
            Set.of(
                    "configMap",
                    "csi",
                    "downwardAPI",
                    "emptyDir",
                    "ephemeral",
                    "image",
                    "persistentVolumeClaim",
                    "projected",
                    "secret");

    private static final List<String> OTHER_VOLUMES =
            List.of(
                    "hostPath",
                    "gcePersistentDisk",
                    "awsElasticBlockStore",
                    "gitRepo",
                    "nfs",
                    "iscsi",
                    "glusterfs",
                    "rbd",
                    "flexVolume",
                    "cinder",
                    "cephfs",
                    "flocker",
                    "fc",
                    "azureFile",
                    "vsphereVolume",
                    "quobyte",
                    "azureDisk",
                    "photonPersistentDisk",
                    "portworxVolume",
                    "scaleIO",
                    "storageos");

    private RestrictedChecks() {}

    private static JsonNode context(JsonNode container) {
        return container.path("securityContext");
    }

    static Optional<Violation> privilegeEscalation(PodView pod) {
        List<String> bad = pod.named(c -> !isFalse(context(c).path("allowPrivilegeEscalation")));
        return bad.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new Violation(
                                "allowPrivilegeEscalation != false",
                                Violation.containers(bad)
                                        + " must set"
                                        + " securityContext.allowPrivilegeEscalation=false"));
    }

    static Optional<Violation> capabilities(PodView pod) {
        List<String> keeping =
                pod.named(c -> {
                    for (JsonNode drop : context(c).path("capabilities").path("drop")) {
                        if (drop.asString("").equals("ALL")) {
                            return false;
                        }
                    }
                    return true;
                });
        TreeSet<String> added = new TreeSet<>();
        List<String> adding =
                pod.named(c -> {
                    boolean bad = false;
                    for (JsonNode add : context(c).path("capabilities").path("add")) {
                        if (!add.asString("").equals("NET_BIND_SERVICE")) {
                            bad = true;
                            added.add(add.asString(""));
                        }
                    }
                    return bad;
                });
        List<String> details = new ArrayList<>();
        if (!keeping.isEmpty()) {
            details.add(
                    Violation.containers(keeping)
                            + " must set securityContext.capabilities.drop=[\"ALL\"]");
        }
        if (!adding.isEmpty()) {
            details.add(
                    Violation.containers(adding)
                            + " must not include "
                            + Violation.quoted(added)
                            + " in securityContext.capabilities.add");
        }
        return details.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new Violation("unrestricted capabilities", String.join("; ", details)));
    }

    static Optional<Violation> volumes(PodView pod) {
        List<String> bad = new ArrayList<>();
        TreeSet<String> types = new TreeSet<>();
        for (JsonNode volume : pod.spec().path("volumes")) {
            if (VOLUMES.stream().noneMatch(type -> volume.path(type).isObject())) {
                bad.add(volume.path("name").asString(""));
                types.add(
                        OTHER_VOLUMES.stream()
                                .filter(type -> volume.path(type).isObject())
                                .findFirst()
                                .orElse("unknown"));
            }
        }
        return bad.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new Violation(
                                "restricted volume types",
                                Violation.counted("volume", "volumes", bad)
                                        + (bad.size() == 1 ? " uses " : " use ")
                                        + Violation.counted(
                                                "restricted volume type",
                                                "restricted volume types",
                                                types)));
    }

    static Optional<Violation> nonRoot(PodView pod) {
        boolean podRefuses = isFalse(pod.securityContext().path("runAsNonRoot"));
        boolean podAgrees = isTrue(pod.securityContext().path("runAsNonRoot"));
        List<String> refusing = pod.named(c -> isFalse(context(c).path("runAsNonRoot")));
        if (podRefuses || !refusing.isEmpty()) {
            return Optional.of(
                    new Violation(
                            "runAsNonRoot != true",
                            PodView.setters(podRefuses, refusing)
                                    + " must not set securityContext.runAsNonRoot=false"));
        }
        List<String> silent =
                podAgrees
                        ? List.of()
                        : pod.named(c -> !context(c).path("runAsNonRoot").isBoolean());
        return silent.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new Violation(
                                "runAsNonRoot != true",
                                "pod or "
                                        + Violation.containers(silent)
                                        + " must set securityContext.runAsNonRoot=true"));
    }

    static Optional<Violation> user(PodView pod) {
        boolean podIsRoot = isRoot(pod.securityContext());
        List<String> roots = pod.named(c -> isRoot(context(c)));
        return podIsRoot || !roots.isEmpty()
                ? Optional.of(
                        new Violation(
                                "runAsUser=0",
                                PodView.setters(podIsRoot, roots) + " must not set runAsUser=0"))
                : Optional.empty();
    }

    private static boolean isRoot(JsonNode context) {
        JsonNode user = context.path("runAsUser");
        return user.isIntegralNumber() && user.longValue() == 0;
    }
}
