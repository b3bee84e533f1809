/**
 * What a request means: whose world, which resource, which verb, in which form the answer is
 * wanted.
 *
 * <p>Entry class: {@link io.hypernetes.server.request.RequestInfo}. Values, for any thread.
 */
@NullMarked
package io.hypernetes.server.request;

import org.jspecify.annotations.NullMarked;
