package io.hypernetes.api.types.core;

import io.hypernetes.api.Tenant;
import io.hypernetes.api.types.kind.Trees;

import tools.jackson.databind.node.ObjectNode;

/**
 * The RuntimeClass of pods that are no virtual machines but processes of their node, run by
 * containerd. It is the operator's alone: no tenant sees it, and a pod of a tenant is never run by
 * it, whatever it says.
 */
public final class HostRuntime {

    /** Its name, and the one thing that decides. */
    public static final String CLASS = "containerd";

    /** Of containerd. */
    public static final String HANDLER = "runc";

    /** Told to tenants that ask for it. */
    public static final String REFUSAL =
            "RuntimeClass \""
                    + CLASS
                    + "\" runs pods on the node's own kernel and is the operator's alone: leave"
                    + " runtimeClassName out, and the pod is a virtual machine";

    private HostRuntime() {}

    /** Whether this pod is for containerd. */
    public static boolean runs(Tenant tenant, ObjectNode pod) {
        return tenant.isSystem() && isNamedBy(pod);
    }

    /** Whether the pod, whoever's it is, names the class. */
    public static boolean isNamedBy(ObjectNode pod) {
        return Trees.text(pod, "spec", "runtimeClassName").equals(CLASS);
    }
}
