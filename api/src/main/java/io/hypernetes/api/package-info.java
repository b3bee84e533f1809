/**
 * The vocabulary of the API: tenants, keys, resource types and errors.
 *
 * <p>Entry class: {@link io.hypernetes.api.ResourceType}. Everything here is immutable and may be
 * used by any thread; object trees ({@code ObjectNode}) are mutable and belong to one thread at a
 * time.
 */
@NullMarked
package io.hypernetes.api;

import org.jspecify.annotations.NullMarked;
