package io.hypernetes.volume;

import java.util.function.Function;

/**
 * The machines that have pools of one provisioner, each on its own disks: a volume is on one of
 * them, and pods that use it run there.
 *
 * @param self this machine
 * @param others the pool of another machine by its name; what it is asked may throw a {@link
 *     VolumeException} when the machine cannot be reached
 */
public record MachinePools(String self, Function<String, VolumePool> others) {}
