/**
 * The resource metrics API, {@code metrics.k8s.io}: what pods and nodes use, for {@code kubectl
 * top}.
 *
 * <p>Entry class: {@link io.hypernetes.server.usage.UsageRouter}. Nothing is kept; any thread.
 */
@NullMarked
package io.hypernetes.server.usage;

import org.jspecify.annotations.NullMarked;
