/**
 * What objects look like, as data: one {@link io.hypernetes.api.schema.Schema} drives decoding,
 * validation, defaulting, strategic merge patches and the OpenAPI documents, for built-in kinds and
 * for custom ones alike.
 *
 * <p>Entry class: {@link io.hypernetes.api.schema.Schemas}. Everything here is immutable and may be
 * used by every thread at once; the object trees that operations change in place belong to the
 * calling thread.
 */
@NullMarked
package io.hypernetes.api.schema;

import org.jspecify.annotations.NullMarked;
