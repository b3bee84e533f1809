/**
 * API aggregation: group-versions that an APIService of a world gives to an extension server are
 * relayed to it.
 *
 * <p>Entry class: {@link io.hypernetes.server.aggregation.AggregationRouter}. Any thread may use
 * everything here.
 */
@NullMarked
package io.hypernetes.server.aggregation;

import org.jspecify.annotations.NullMarked;
