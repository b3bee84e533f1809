/**
 * What can be seen of the server while it works: Prometheus metrics and the audit log. The entry
 * class is {@link io.hypernetes.server.observe.Observer}; the pipeline opens one {@link
 * io.hypernetes.server.observe.Observation} for each request, which belongs to the request's
 * thread. Metrics may be written by any thread.
 */
@NullMarked
package io.hypernetes.server.observe;

import org.jspecify.annotations.NullMarked;
