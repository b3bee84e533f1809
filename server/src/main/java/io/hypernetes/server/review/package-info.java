/**
 * Questions about identity and rights: {@code kubectl auth can-i}, {@code whoami}, logging in.
 *
 * <p>Entry classes: {@link io.hypernetes.server.review.ReviewRouter}, {@link
 * io.hypernetes.server.review.LoginRouter}. Stateless, for any thread.
 */
@NullMarked
package io.hypernetes.server.review;

import org.jspecify.annotations.NullMarked;
