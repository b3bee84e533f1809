/**
 * What a world serves: discovery, OpenAPI, version, health.
 *
 * <p>Entry class: {@link io.hypernetes.server.discovery.DiscoveryRouter}. Documents are made at
 * first use and then shared by all requests.
 */
@NullMarked
package io.hypernetes.server.discovery;

import org.jspecify.annotations.NullMarked;
