/**
 * The {@code x-kubernetes-validations} of structural schemas. Entry class: {@link
 * io.hypernetes.cel.rules.RuleValidator}. Immutable, for any thread.
 */
@NullMarked
package io.hypernetes.cel.rules;

import org.jspecify.annotations.NullMarked;
