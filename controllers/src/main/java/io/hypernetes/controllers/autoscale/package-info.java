/**
 * HorizontalPodAutoscalers of all tenants, on what the nodes measure.
 *
 * <p>Entry class: {@link io.hypernetes.controllers.autoscale.AutoscalerController}. A few virtual
 * threads for all tenants; an autoscaler is a delayed key of one queue. The arithmetic is pure.
 */
@NullMarked
package io.hypernetes.controllers.autoscale;

import org.jspecify.annotations.NullMarked;
