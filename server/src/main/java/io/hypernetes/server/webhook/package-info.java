/**
 * Mutating and validating admission webhooks: who is called, how, and what becomes of the answer.
 *
 * <p>Entry classes: {@link io.hypernetes.server.webhook.MutatingWebhooks} and {@link
 * io.hypernetes.server.webhook.ValidatingWebhooks}. Stateless over the registry's reads, for any
 * thread; validating webhooks of one request are called in parallel on virtual threads.
 */
@NullMarked
package io.hypernetes.server.webhook;

import org.jspecify.annotations.NullMarked;
