/**
 * Virtual machines: what a sandbox runs in.
 *
 * <p>Entry class: {@link io.hypernetes.runtime.vm.Hypervisor}. Everything here may be called by
 * many threads at once. A machine outlives the program that made it: state lives in its run
 * directory, and {@link io.hypernetes.runtime.vm.Hypervisor#adopt} finds it again.
 */
@NullMarked
package io.hypernetes.runtime.vm;

import org.jspecify.annotations.NullMarked;
