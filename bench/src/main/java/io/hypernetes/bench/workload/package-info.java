/**
 * Measures what works through many tenants' objects: scheduler and workload controllers, over the
 * whole API in one process and SQLite on disk, without HTTP, nodes and machines.
 *
 * <p>Entry classes: {@link io.hypernetes.bench.workload.SchedulerBench}, {@link
 * io.hypernetes.bench.workload.ControllersBench}. One thread measures; what it measures has its
 * own.
 */
@NullMarked
package io.hypernetes.bench.workload;

import org.jspecify.annotations.NullMarked;
