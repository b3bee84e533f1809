/**
 * What becomes of nodes and of the pods on them: nodes that say nothing any more, taints that drive
 * pods away, pods that nobody will ever end.
 *
 * <p>Entry class: {@link io.hypernetes.controllers.node.NodeControllers}. A few virtual threads for
 * the pods of all tenants together; timers are delayed keys of their queues.
 */
@NullMarked
package io.hypernetes.controllers.node;

import org.jspecify.annotations.NullMarked;
