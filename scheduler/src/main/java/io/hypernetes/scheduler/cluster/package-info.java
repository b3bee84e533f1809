/**
 * What the scheduler knows: nodes, the pods placed on them, and what a pod asks for, each read once
 * from its tree.
 *
 * <p>Entry class: {@link io.hypernetes.scheduler.cluster.Cluster}, which belongs to whoever holds
 * the scheduler's lock; everything else here is a value.
 */
@NullMarked
package io.hypernetes.scheduler.cluster;

import org.jspecify.annotations.NullMarked;
