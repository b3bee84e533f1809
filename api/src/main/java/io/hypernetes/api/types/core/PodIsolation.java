package io.hypernetes.api.types.core;

import static io.hypernetes.api.types.kind.Trees.at;
import static io.hypernetes.api.types.kind.Trees.has;
import static io.hypernetes.api.types.kind.Trees.objects;
import static io.hypernetes.api.types.kind.Trees.text;

import io.hypernetes.api.FieldError;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.types.kind.Errors;

import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Optional;

/**
 * What a pod may not ask for unless it is the operator's own: anything that reaches out of its
 * virtual machine into the host. A tenant's pod has no host beside its virtual machine.
 */
public final class PodIsolation {

    private static final String REASON = "pods of tenants have no access to the host";

    private PodIsolation() {}

    /** Empty when {@code tenant} may run {@code pod}. */
    public static List<FieldError> check(Tenant tenant, ObjectNode pod) {
        Errors errors = new Errors();
        if (tenant.isSystem()) {
            return errors.all();
        }
        for (String field : List.of("hostNetwork", "hostPID", "hostIPC")) {
            if (at(pod, "spec", field).asBoolean(false)) {
                errors.forbidden("spec." + field, REASON);
            }
        }
        List<ObjectNode> volumes = objects(at(pod, "spec", "volumes"));
        for (int i = 0; i < volumes.size(); i++) {
            if (has(volumes.get(i), "hostPath")) {
                errors.forbidden("spec.volumes[" + i + "].hostPath", REASON);
            }
        }
        for (String list : ContainerLists.ALL) {
            List<ObjectNode> containers = objects(at(pod, "spec", list));
            for (int i = 0; i < containers.size(); i++) {
                container("spec." + list + "[" + i + "]", containers.get(i), errors);
            }
        }
        if (text(pod, "spec", "runtimeClassName").equals(HostRuntime.HANDLER)
                || HostRuntime.isNamedBy(pod)) {
            errors.forbidden("spec.runtimeClassName", REASON);
        }
        return errors.all();
    }

    /**
     * Only the scheduler puts a tenant's pod on a node: it alone knows what room is left, and a pod
     * that came around it could starve the others there.
     *
     * @param old the stored pod, empty for a new one
     */
    public static List<FieldError> checkPlacement(
            Tenant tenant, ObjectNode pod, Optional<ObjectNode> old) {
        Errors errors = new Errors();
        String node = text(pod, "spec", "nodeName");
        String before = old.map(stored -> text(stored, "spec", "nodeName")).orElse("");
        if (!tenant.isSystem() && !node.equals(before)) {
            errors.forbidden("spec.nodeName", "the node of a tenant's pod is set by the scheduler");
        }
        return errors.all();
    }

    private static void container(String field, ObjectNode container, Errors errors) {
        if (at(container, "securityContext", "privileged").asBoolean(false)) {
            errors.forbidden(field + ".securityContext.privileged", REASON);
        }
        if (text(container, "securityContext", "procMount").equals("Unmasked")) {
            errors.forbidden(field + ".securityContext.procMount", REASON);
        }
        List<ObjectNode> ports = objects(container.path("ports"));
        for (int i = 0; i < ports.size(); i++) {
            if (ports.get(i).path("hostPort").asInt(0) != 0) {
                errors.forbidden(field + ".ports[" + i + "].hostPort", REASON);
            }
            if (!text(ports.get(i), "hostIP").isEmpty()) {
                errors.forbidden(field + ".ports[" + i + "].hostIP", REASON);
            }
        }
    }
}
