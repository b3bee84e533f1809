package io.hypernetes.server.registry;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.FieldError;
import io.hypernetes.api.GroupVersionKind;
import io.hypernetes.api.Metadata;
import io.hypernetes.api.ResourceType;

import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Set;

/** What differs between kinds when a whole object is put: as upstream's strategies have it. */
final class UpdateRules {
    private static final String RBAC = ".rbac.authorization.k8s.io";
    private static final String ADMISSION = ".admissionregistration.k8s.io";

    /** Kinds that a PUT creates when they are not there. */
    private static final Set<String> CREATED =
            Set.of(
                    "endpoints",
                    "events",
                    "events.events.k8s.io",
                    "leases.coordination.k8s.io",
                    "limitranges",
                    "podtemplates",
                    "services",
                    "roles" + RBAC,
                    "rolebindings" + RBAC,
                    "clusterroles" + RBAC,
                    "clusterrolebindings" + RBAC);

    /** Built-in kinds of which an update must say what version it is a change to. */
    private static final Set<String> CONDITIONAL =
            Set.of(
                    "apiservices.apiregistration.k8s.io",
                    "csidrivers.storage.k8s.io",
                    "csinodes.storage.k8s.io",
                    "customresourcedefinitions.apiextensions.k8s.io",
                    "leases.coordination.k8s.io",
                    "mutatingwebhookconfigurations" + ADMISSION,
                    "poddisruptionbudgets.policy",
                    "runtimeclasses.node.k8s.io",
                    "validatingadmissionpolicies" + ADMISSION,
                    "validatingadmissionpolicybindings" + ADMISSION,
                    "validatingwebhookconfigurations" + ADMISSION,
                    "volumeattachments.storage.k8s.io");

    private UpdateRules() {}

    static boolean createsOnUpdate(ResourceType type) {
        return CREATED.contains(type.id().toString());
    }

    /** Throws Invalid when the version is missing where it must not. */
    static void checkVersioned(WriteCall call, ResourceType type, ObjectNode object) {
        String version = Metadata.resourceVersion(object);
        boolean given = !version.isEmpty() && !version.equals("0");
        if (given || call.internal() || !mustSayVersion(type)) {
            return;
        }
        throw ApiException.invalid(
                new GroupVersionKind(type.id().group(), type.version(), type.id().resource()),
                Metadata.name(object),
                List.of(
                        FieldError.invalid(
                                "metadata.resourceVersion",
                                ofExtensions(type) ? "0" : "0x0",
                                "must be specified for an update")));
    }

    /** Whose rules tell it themselves, and write the number otherwise than upstream's store. */
    private static boolean ofExtensions(ResourceType type) {
        return type.schema().isCustom() || type.id().group().equals("apiextensions.k8s.io");
    }

    private static boolean mustSayVersion(ResourceType type) {
        return type.schema().isCustom() || CONDITIONAL.contains(type.id().toString());
    }
}
