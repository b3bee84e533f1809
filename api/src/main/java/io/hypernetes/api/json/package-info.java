/**
 * Between bytes and object trees: the canonical JSON in which objects are stored and served, and
 * the YAML that people write.
 *
 * <p>Entry class: {@link io.hypernetes.api.json.Json}. Everything is static and may be called by
 * any thread. Input is untrusted: depth, size of numbers and YAML aliases are bounded.
 */
@NullMarked
package io.hypernetes.api.json;

import org.jspecify.annotations.NullMarked;
