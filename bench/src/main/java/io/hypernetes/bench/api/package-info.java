/**
 * Measures an API server under load, from outside: a closed-loop generator of HTTP/1.1 over TLS
 * that costs little processor time itself, because it shares the machine with what it measures.
 *
 * <p>Entry class: {@link io.hypernetes.bench.api.ApiBench}. Each client is a platform thread with a
 * connection of its own; nothing else is shared but counters.
 */
@NullMarked
package io.hypernetes.bench.api;

import org.jspecify.annotations.NullMarked;
