/**
 * The HTTP verbs of resources: between requests and the registry.
 *
 * <p>Entry class: {@link io.hypernetes.server.resource.ResourceHandler}. Runs on the request's
 * thread.
 */
@NullMarked
package io.hypernetes.server.resource;

import org.jspecify.annotations.NullMarked;
