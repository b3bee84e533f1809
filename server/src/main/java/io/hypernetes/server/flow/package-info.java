/**
 * Which of a tenant's requests go first: API priority and fairness (KEP-1040), within the seats
 * that the tenant has.
 *
 * <p>Entry class: {@link io.hypernetes.server.flow.FlowSchemas}. For any thread.
 */
@NullMarked
package io.hypernetes.server.flow;

import org.jspecify.annotations.NullMarked;
