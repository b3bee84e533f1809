/**
 * Where a pod goes: filters, scores, and whom it may push aside.
 *
 * <p>Entry class: {@link io.hypernetes.scheduler.decision.Decider}. Called by the scheduling thread
 * while it holds the scheduler's lock.
 */
@NullMarked
package io.hypernetes.scheduler.decision;

import org.jspecify.annotations.NullMarked;
