/**
 * The Pod Security Standards (KEP-2579): which pods a namespace's level allows, and in what words
 * it refuses the others. Pure.
 *
 * <p>Entry classes: {@link io.hypernetes.api.podsecurity.SecurityPolicy}, {@link
 * io.hypernetes.api.podsecurity.PodChecks}.
 */
@NullMarked
package io.hypernetes.api.podsecurity;

import org.jspecify.annotations.NullMarked;
