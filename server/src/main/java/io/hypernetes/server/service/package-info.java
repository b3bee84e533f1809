/**
 * What the server gives to services: cluster addresses and node ports. A tenant's world has all of
 * the range for itself. An address in use is an IPAddress object, a node port in use a key of its
 * own; both are written in one transaction with the service, on the condition that nobody else has
 * them, so that no two services ever hold the same, on however many servers, and nothing has to be
 * repaired. Entry: {@link io.hypernetes.server.service.ServiceAllocation}. Threads: all classes are
 * stateless over {@link io.hypernetes.server.registry.Reads}.
 */
@NullMarked
package io.hypernetes.server.service;

import org.jspecify.annotations.NullMarked;
