/**
 * The Volume seam: block devices that go straight into a pod's virtual machine.
 *
 * <p>Entry class: {@link io.hypernetes.volume.VolumePool}. Implementations are called by many
 * threads at once.
 */
@NullMarked
package io.hypernetes.volume;

import org.jspecify.annotations.NullMarked;
