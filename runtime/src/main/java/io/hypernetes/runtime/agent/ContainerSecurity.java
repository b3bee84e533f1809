package io.hypernetes.runtime.agent;

import java.util.EnumSet;
import java.util.Set;

/**
 * @param capabilities what the container's processes may have; root has them, others only by file
 *     capabilities
 * @param readOnlyRoot whether the root file system is read-only (mounts are as they say)
 * @param filtered whether system calls that a container has no business with are refused (seccomp)
 * @param strictGroups whether the image's group file gives the user no further groups (KEP-3619)
 */
public record ContainerSecurity(
        Set<Capability> capabilities,
        boolean noNewPrivileges,
        boolean readOnlyRoot,
        boolean filtered,
        boolean strictGroups) {

    /** What a container has that asks for nothing: the set other runtimes give too. */
    public static final ContainerSecurity DEFAULT =
            new ContainerSecurity(Capability.DEFAULTS, false, false, false, false);

    /** Everything; harmless for others, as the machine is the sandbox's own. */
    public static final ContainerSecurity PRIVILEGED =
            new ContainerSecurity(EnumSet.allOf(Capability.class), false, false, false, false);

    public ContainerSecurity {
        capabilities = Set.copyOf(capabilities);
    }
}
