/**
 * The behaviours that Kubernetes' conformance tests ask of an API server, each under the name of
 * the upstream test ({@link io.hypernetes.conformance.Upstream}), in a tenant's world and in the
 * system's.
 *
 * <p>Entry class: {@link io.hypernetes.conformance.Space}, what a test gets. Tests run in parallel,
 * each in a namespace of its own, all against one embedded server. The page {@code
 * docs/conformance.md} is held against the annotations by {@code ConformancePageTest}.
 */
@NullMarked
package io.hypernetes.conformance;

import org.jspecify.annotations.NullMarked;
