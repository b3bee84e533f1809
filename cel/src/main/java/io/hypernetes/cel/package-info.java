/**
 * The Common Expression Language with Kubernetes' types and libraries.
 *
 * <p>Entry classes: {@link io.hypernetes.cel.Environment} compiles expressions over declared
 * variables, {@link io.hypernetes.cel.rules.RuleValidator} the {@code x-kubernetes-validations} of
 * a schema. Parser and type checker are dev.cel's; evaluation is our own, over Jackson's trees as
 * they are, with the cost accounting that Kubernetes prescribes.
 *
 * <p>Everything is immutable and may be used by any thread. dev.cel is loaded by the first
 * compilation and not before.
 */
@NullMarked
package io.hypernetes.cel;

import org.jspecify.annotations.NullMarked;
