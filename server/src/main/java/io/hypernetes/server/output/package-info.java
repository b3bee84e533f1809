/**
 * Objects, lists, events and errors as the bytes that clients asked for: JSON, YAML, tables, bare
 * metadata.
 *
 * <p>Entry class: {@link io.hypernetes.server.output.Answers}. Stateless, for any thread.
 */
@NullMarked
package io.hypernetes.server.output;

import org.jspecify.annotations.NullMarked;
