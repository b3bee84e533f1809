/**
 * Custom resources in the server: which types each world has, and what happens to definitions:
 * their names are accepted, their objects deleted with them.
 *
 * <p>Entry classes: {@link io.hypernetes.server.custom.CustomTypes} for whoever needs types, {@link
 * io.hypernetes.server.custom.DefinitionController} for the one thread that follows definitions.
 * Types may be asked for by any thread.
 */
@NullMarked
package io.hypernetes.server.custom;

import org.jspecify.annotations.NullMarked;
