/**
 * Chooses a node for each pod of every tenant.
 *
 * <p>Entry class: {@link io.hypernetes.scheduler.Scheduler}. One thread decides, one pod after the
 * other; bindings and events are written by virtual threads. Everything but {@code Scheduler} and
 * {@code Ledger} is a pure function of its arguments.
 */
@NullMarked
package io.hypernetes.scheduler;

import org.jspecify.annotations.NullMarked;
