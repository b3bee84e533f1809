/**
 * Extracts Kubernetes' schemas at build time from two artifacts of the Java client: names, types
 * and required fields from its model classes, markers and descriptions from the comments in its
 * protocol buffer sources. Nothing here runs in a program; the jar is used for its data alone.
 *
 * <p>Entry class: {@link io.hypernetes.schema.extract.Extract}; {@link
 * io.hypernetes.schema.extract.SchemaDiff} compares the result with a document of a real cluster.
 * Single-threaded.
 */
@NullMarked
package io.hypernetes.schema.extract;

import org.jspecify.annotations.NullMarked;
