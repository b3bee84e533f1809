/**
 * Measures pods: how long they take to be Ready beside bare clones of the same template, alone and
 * many at once; the memory of an idle one; and how many a machine takes until it is full.
 *
 * <p>Entry classes: {@link io.hypernetes.bench.pods.PodsBench} and {@link
 * io.hypernetes.bench.pods.DensityBench}. An installation of its own, seen from outside; each pod
 * and each clone that is measured has a virtual thread.
 */
@NullMarked
package io.hypernetes.bench.pods;

import org.jspecify.annotations.NullMarked;
