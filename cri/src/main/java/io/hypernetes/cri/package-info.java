/**
 * What the node agent tells a runtime about a sandbox beyond CRI v1: the network interface and the
 * volumes, carried as annotations so that CRI stays as it is.
 *
 * <p>Entry class: {@link io.hypernetes.cri.Annotations}. Values only; safe for all threads.
 */
@NullMarked
package io.hypernetes.cri;

import org.jspecify.annotations.NullMarked;
