/**
 * The audit log: who did what to what, in whose world, as JSON lines of {@code audit.k8s.io/v1}
 * Events, chosen by a policy file in upstream's form (kind Policy). The entry classes are {@link
 * io.hypernetes.server.audit.AuditPolicy}, which decides for each request how much is kept, and
 * {@link io.hypernetes.server.audit.AuditTrail}, the events of one request. A trail belongs to its
 * request's thread; logs are written by all of them.
 */
@NullMarked
package io.hypernetes.server.audit;

import org.jspecify.annotations.NullMarked;
