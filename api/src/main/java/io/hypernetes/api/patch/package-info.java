/**
 * Changes to trees: JSON Patch (RFC 6902) and JSON Merge Patch (RFC 7386).
 *
 * <p>Entry classes: {@link io.hypernetes.api.patch.JsonPatch}, {@link
 * io.hypernetes.api.patch.MergePatch}. Static, for any thread; the given trees are never changed.
 */
@NullMarked
package io.hypernetes.api.patch;

import org.jspecify.annotations.NullMarked;
