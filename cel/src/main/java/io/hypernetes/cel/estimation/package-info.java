/**
 * What an expression may cost at most, told from its text and the sizes that a schema allows,
 * before anything is evaluated. Entry class: {@link io.hypernetes.cel.estimation.Estimator}. An
 * estimator is used once, by one thread; all else is immutable.
 */
@NullMarked
package io.hypernetes.cel.estimation;

import org.jspecify.annotations.NullMarked;
