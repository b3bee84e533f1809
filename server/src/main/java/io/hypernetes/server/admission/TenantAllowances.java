package io.hypernetes.server.admission;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.api.types.core.ContainerLists;
import io.hypernetes.server.admission.AdmissionRequest.Operation;
import io.hypernetes.server.registry.Reads;
import io.hypernetes.server.registry.Served;
import io.hypernetes.store.Compare;

import tools.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What of the installation a tenant may use, by its object's {@code spec.allowed}: registries,
 * storage classes, runtime classes, priority classes. What is there when a list becomes shorter
 * stays.
 */
final class TenantAllowances implements AdmissionController {
    private final TenantObjects tenants;

    TenantAllowances(Reads reads) {
        this.tenants = new TenantObjects(reads);
    }

    @Override
    public List<Compare> validate(AdmissionRequest request) {
        if (request.operation() != Operation.CREATE && request.operation() != Operation.UPDATE) {
            return List.of();
        }
        if (request.isFor(BuiltinTypes.PODS)) {
            allowed(request).ifPresent(allowed -> checkPod(request, allowed));
        } else if (request.creates(BuiltinTypes.PERSISTENT_VOLUME_CLAIMS)) {
            JsonNode name = request.object().path("spec").path("storageClassName");
            allowed(request)
                    .ifPresent(allowed -> {
                        checkName(request, allowed, "storageClasses", "storage class", name);
                    });
        }
        return List.of();
    }

    private Optional<JsonNode> allowed(AdmissionRequest request) {
        return tenants.of(request.call().tenant())
                .map(Served::tree)
                .map(tenant -> tenant.path("spec").path("allowed"))
                .filter(JsonNode::isObject);
    }

    private static void checkPod(AdmissionRequest request, JsonNode allowed) {
        JsonNode spec = request.object().path("spec");
        if (request.operation() == Operation.CREATE) {
            JsonNode runtime = spec.path("runtimeClassName");
            JsonNode priority = spec.path("priorityClassName");
            checkName(request, allowed, "runtimeClasses", "runtime class", runtime);
            checkName(request, allowed, "priorityClasses", "priority class", priority);
        }
        if (allowed.path("registries").isArray()) {
            List<String> known = request.old().map(TenantAllowances::images).orElse(List.of());
            for (String image : images(request.object())) {
                if (!known.contains(image) && !mayBePulled(image, allowed.path("registries"))) {
                    throw refused(request, "image", image, "registries", allowed);
                }
            }
        }
    }

    private static List<String> images(JsonNode pod) {
        List<String> images = new ArrayList<>();
        for (String list : ContainerLists.ALL) {
            for (JsonNode container : pod.path("spec").path(list)) {
                images.add(container.path("image").asString(""));
            }
        }
        for (JsonNode volume : pod.path("spec").path("volumes")) {
            JsonNode reference = volume.path("image").path("reference");
            if (!reference.isMissingNode()) {
                images.add(reference.asString(""));
            }
        }
        return images;
    }

    private static boolean mayBePulled(String image, JsonNode registries) {
        String whole = qualified(image);
        for (JsonNode registry : registries) {
            String prefix = registry.asString("");
            if (whole.startsWith(prefix + "/")
                    || whole.startsWith(prefix + ":")
                    || whole.startsWith(prefix + "@")
                    || whole.equals(prefix)) {
                return true;
            }
        }
        return false;
    }

    /**
     * With the registry and the repository that container runtimes read into a short name: {@code
     * nginx} is {@code docker.io/library/nginx} (the distribution project's reference grammar).
     */
    static String qualified(String image) {
        int slash = image.indexOf('/');
        String first = slash < 0 ? "" : image.substring(0, slash);
        if (first.contains(".") || first.contains(":") || first.equals("localhost")) {
            return first.equals("index.docker.io") ? "docker.io" + image.substring(slash) : image;
        }
        return slash < 0 ? "docker.io/library/" + image : "docker.io/" + image;
    }

    private static void checkName(
            AdmissionRequest request, JsonNode allowed, String list, String what, JsonNode name) {
        String wanted = name.asString("");
        if (wanted.isEmpty() || !allowed.path(list).isArray()) {
            return;
        }
        for (JsonNode known : allowed.path(list)) {
            if (known.asString("").equals(wanted)) {
                return;
            }
        }
        throw refused(request, what, wanted, list, allowed);
    }

    private static ApiException refused(
            AdmissionRequest request, String what, String wanted, String list, JsonNode allowed) {
        List<String> names = new ArrayList<>();
        allowed.path(list).forEach(name -> names.add(name.asString("")));
        return ApiException.forbidden(
                request.type().id(),
                request.name(),
                "tenant \""
                        + request.call().tenant().name()
                        + "\" may not use "
                        + what
                        + " \""
                        + wanted
                        + "\"; allowed "
                        + list
                        + ": "
                        + (names.isEmpty() ? "none" : String.join(", ", names)));
    }
}
