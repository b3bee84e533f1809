/**
 * Other servers that say who somebody is (TokenReview) and what they may (SubjectAccessReview), and
 * being such a server.
 *
 * <p>Entry classes: {@link io.hypernetes.identity.webhook.WebhookAuthenticator}, {@link
 * io.hypernetes.identity.webhook.WebhookAuthorizer}. For any thread.
 */
@NullMarked
package io.hypernetes.identity.webhook;

import org.jspecify.annotations.NullMarked;
