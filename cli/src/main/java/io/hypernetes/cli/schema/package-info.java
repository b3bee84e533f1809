/**
 * Compares our OpenAPI document with one of a real cluster.
 *
 * <p>Entry class: {@link io.hypernetes.cli.schema.SchemaCommand}. Used by one thread.
 */
@NullMarked
package io.hypernetes.cli.schema;

import org.jspecify.annotations.NullMarked;
