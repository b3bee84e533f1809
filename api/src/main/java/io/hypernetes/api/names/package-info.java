/**
 * The forms that names, labels and keys must have, each with the sentences that Kubernetes answers
 * when one has not.
 *
 * <p>Entry class: {@link io.hypernetes.api.names.Names}. Static, for any thread.
 */
@NullMarked
package io.hypernetes.api.names;

import org.jspecify.annotations.NullMarked;
