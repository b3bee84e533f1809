package io.hypernetes.runtime.agent;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A container to make.
 *
 * @param id at most 64 characters of letters, digits, dot, dash and underscore
 * @param imageDisk the disk with the squashfs of the image; may be shared by containers
 * @param args the command and its arguments; the command is looked up in the container's PATH
 * @param workingDirectory made when it does not exist; empty for the root directory
 * @param user {@code ""} (root), {@code uid}, {@code uid:gid}, {@code name} or {@code name:group};
 *     names are looked up in the image
 * @param supplementaryGroups in addition to those the image's group file gives the user
 * @param stdin whether it has a standard input; otherwise it reads end of file
 * @param stdinOnce whether the input ends when the first attached client goes; for whoever attaches
 *     clients, the guest does nothing with it
 * @param target the container whose processes it sees and may signal; empty for its own alone,
 *     {@link #SHARED} for those of all that share
 * @param masked paths at which it finds nothing; those that its image does not have are left out
 * @param readOnlyPaths paths at which it can not write
 * @param lastWords the file in which it may leave a message about its end; empty for none
 */
public record ContainerSpec(
        String id,
        String imageDisk,
        List<String> args,
        Map<String, String> env,
        String workingDirectory,
        String user,
        List<Long> supplementaryGroups,
        ContainerSecurity security,
        ContainerResources resources,
        List<VolumeMount> mounts,
        boolean tty,
        boolean stdin,
        boolean stdinOnce,
        String lastWords,
        String target,
        List<String> masked,
        List<String> readOnlyPaths) {

    /** No container has this id. */
    public static final String SHARED = ".";

    public ContainerSpec {
        args = List.copyOf(args);
        env = Collections.unmodifiableMap(new LinkedHashMap<>(env));
        supplementaryGroups = List.copyOf(supplementaryGroups);
        mounts = List.copyOf(mounts);
        masked = List.copyOf(masked);
        readOnlyPaths = List.copyOf(readOnlyPaths);
    }
}
