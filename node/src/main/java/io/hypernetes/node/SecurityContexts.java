package io.hypernetes.node;

import io.hypernetes.cri.v1.Capability;
import io.hypernetes.cri.v1.Image;
import io.hypernetes.cri.v1.Int64Value;
import io.hypernetes.cri.v1.LinuxContainerSecurityContext;
import io.hypernetes.cri.v1.SecurityProfile;
import io.hypernetes.cri.v1.SecurityProfile.ProfileType;
import io.hypernetes.cri.v1.SupplementalGroupsPolicy;

import tools.jackson.databind.JsonNode;

import java.util.Optional;

/** What a container says of its users and rights, which goes before what its pod says. Pure. */
final class SecurityContexts {

    private static final String CONFIG_ERROR = "CreateContainerConfigError";

    private SecurityContexts() {}

    /**
     * @param image whose user has the pod's group when the pod names no user: a runtime refuses a
     *     group alone
     */
    static LinuxContainerSecurityContext of(JsonNode pod, JsonNode container, Image image) {
        LinuxContainerSecurityContext.Builder security = LinuxContainerSecurityContext.newBuilder();
        Optional<Int64Value> user = number(pod, container, "runAsUser");
        Optional<Int64Value> group = number(pod, container, "runAsGroup");
        user.ifPresent(security::setRunAsUser);
        group.ifPresent(security::setRunAsGroup);
        if (group.isPresent() && user.isEmpty() && !image.getUsername().isEmpty()) {
            security.setRunAsUsername(image.getUsername());
        } else if (group.isPresent() && user.isEmpty()) {
            security.setRunAsUser(image.getUid());
        }
        for (JsonNode supplemental : pod.path("supplementalGroups")) {
            security.addSupplementalGroups(supplemental.asLong(0));
        }
        if (pod.has("fsGroup")) {
            security.addSupplementalGroups(pod.get("fsGroup").asLong(0));
        }
        if (pod.path("supplementalGroupsPolicy").asString("").equals("Strict")) {
            security.setSupplementalGroupsPolicy(SupplementalGroupsPolicy.Strict);
        }
        security.setReadonlyRootfs(container.path("readOnlyRootFilesystem").asBoolean(false));
        security.setNoNewPrivs(!container.path("allowPrivilegeEscalation").asBoolean(true));
        Capability.Builder capabilities = Capability.newBuilder();
        for (JsonNode name : container.path("capabilities").path("add")) {
            capabilities.addAddCapabilities(name.asString(""));
        }
        for (JsonNode name : container.path("capabilities").path("drop")) {
            capabilities.addDropCapabilities(name.asString(""));
        }
        return security.setSeccomp(seccomp(stronger(pod, container, "seccompProfile")))
                .setCapabilities(capabilities)
                .build();
    }

    private static SecurityProfile seccomp(JsonNode profile) {
        ProfileType type =
                switch (profile.path("type").asString("Unconfined")) {
                    case "RuntimeDefault" -> ProfileType.RuntimeDefault;
                    case "Localhost" -> ProfileType.Localhost;
                    default -> ProfileType.Unconfined;
                };
        return SecurityProfile.newBuilder()
                .setProfileType(type)
                .setLocalhostRef(profile.path("localhostProfile").asString(""))
                .build();
    }

    private static Optional<Int64Value> number(JsonNode pod, JsonNode container, String field) {
        JsonNode value = stronger(pod, container, field);
        return value.isNumber()
                ? Optional.of(Int64Value.newBuilder().setValue(value.asLong()).build())
                : Optional.empty();
    }

    private static JsonNode stronger(JsonNode pod, JsonNode container, String field) {
        return container.has(field) ? container.get(field) : pod.path(field);
    }

    /**
     * Keeps a container that must not run as root from doing so.
     *
     * @param image with the user that it names
     * @throws PodConfigException in upstream's words
     */
    static void verifyNonRoot(JsonNode pod, JsonNode container, Image image, String where) {
        if (!stronger(pod, container, "runAsNonRoot").asBoolean(false)) {
            return;
        }
        JsonNode user = stronger(pod, container, "runAsUser");
        if (user.isNumber()) {
            if (user.asLong() == 0) {
                throw new PodConfigException(
                        CONFIG_ERROR,
                        "container's runAsUser breaks non-root policy (" + where + ")");
            }
        } else if (image.hasUid()
                ? image.getUid().getValue() == 0
                : image.getUsername().isEmpty()) {
            throw new PodConfigException(
                    CONFIG_ERROR,
                    "container has runAsNonRoot and image will run as root (" + where + ")");
        } else if (!image.hasUid()) {
            throw new PodConfigException(
                    CONFIG_ERROR,
                    "container has runAsNonRoot and image has non-numeric user (%s), cannot verify user is non-root (%s)"
                            .formatted(image.getUsername(), where));
        }
    }
}
