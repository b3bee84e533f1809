/**
 * Who owns which field of an object, and how a server-side apply changes it: the rules of
 * Kubernetes' structured merge (KEP-555) over our {@link io.hypernetes.api.schema.Schema}.
 *
 * <p>Entry class: {@link io.hypernetes.api.apply.FieldManager}. Everything here is pure; trees that
 * are given are not changed unless a method says so, and everything else is immutable, so all
 * threads may use it at once.
 */
@NullMarked
package io.hypernetes.api.apply;

import org.jspecify.annotations.NullMarked;
