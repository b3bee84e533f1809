/**
 * hyper: a CRI v1 runtime that gives every sandbox a virtual machine of its own, and the guest
 * service beside it.
 *
 * <p>Entry class: {@link io.hypernetes.runtime.cri.Hyper}. Each call runs on its own virtual
 * thread. A sandbox's changes are serialised by its lock; waiting (for a container's end, for
 * output) never happens under it. State is on disk before a call answers, so that the program may
 * be killed at any time: the next start takes over the machines that run.
 */
@NullMarked
package io.hypernetes.runtime.cri;

import org.jspecify.annotations.NullMarked;
