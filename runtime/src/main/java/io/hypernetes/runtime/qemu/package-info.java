/**
 * The hypervisor seam on QEMU: machines cloned from booted templates, driven by QMP.
 *
 * <p>Entry class: {@link io.hypernetes.runtime.qemu.QemuHypervisor}. A machine's state is its
 * process and its run directory, so any number of threads may ask about it and a new process of
 * ours finds it again; what is kept in memory is said to be guarded where it is declared.
 */
@NullMarked
package io.hypernetes.runtime.qemu;

import org.jspecify.annotations.NullMarked;
