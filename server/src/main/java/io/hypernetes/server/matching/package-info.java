/**
 * Which requests a tenant's webhooks and policies are about, and what their expressions see of
 * them.
 *
 * <p>Entry classes: {@link io.hypernetes.server.matching.RequestMatcher}, {@link
 * io.hypernetes.server.matching.Conditions}. Immutable, for any thread; {@link
 * io.hypernetes.server.matching.AdmissionVariables} belong to one request.
 */
@NullMarked
package io.hypernetes.server.matching;

import org.jspecify.annotations.NullMarked;
