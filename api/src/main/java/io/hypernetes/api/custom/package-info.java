/**
 * Custom resources: what a CustomResourceDefinition says, made into resource types. A structural
 * schema is compiled once for each version of a definition; pruning, defaulting and validation then
 * walk object and schema side by side.
 *
 * <p>Entry class: {@link io.hypernetes.api.custom.CustomResources}. Everything is immutable and may
 * be used by any thread; the trees that are changed in place belong to the caller.
 */
@NullMarked
package io.hypernetes.api.custom;

import org.jspecify.annotations.NullMarked;
