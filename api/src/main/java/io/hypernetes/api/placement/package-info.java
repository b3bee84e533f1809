/**
 * Which nodes a pod, or a volume, may be on: taints, tolerations, node selectors. Shared by the
 * scheduler and the controllers that must come to the same answer.
 *
 * <p>Entry classes: {@link io.hypernetes.api.placement.NodeSelection}, {@link
 * io.hypernetes.api.placement.Toleration}. Immutable, for any thread.
 */
@NullMarked
package io.hypernetes.api.placement;

import org.jspecify.annotations.NullMarked;
