/**
 * JMH benchmarks of the API server's hot paths, without HTTP and disk: decode, validate, patch,
 * apply, encode, write, watch dispatch.
 *
 * <p>{@code ./hypernetes bench code [PATTERN] [OPTIONS OF JMH]} runs those whose name matches.
 * Entry class: {@link org.openjdk.jmh.Main}. Each benchmark's state belongs to its one thread.
 */
@NullMarked
package io.hypernetes.bench.code;

import org.jspecify.annotations.NullMarked;
