/**
 * Chooses a node for each pod of every tenant.
 *
 * <p>Entry class: {@link io.hypernetes.scheduler.Scheduler}. One thread decides, one pod after the
 * other; bindings and events are written by virtual threads. {@code cluster} is what it knows,
 * {@code plugin} what it asks of a node, {@code decision} what it makes of the answers.
 */
@NullMarked
package io.hypernetes.scheduler;

import org.jspecify.annotations.NullMarked;
