/**
 * Label and field selectors: which objects a list, a watch or a spec means.
 *
 * <p>Entry classes: {@link io.hypernetes.api.select.LabelSelector}, {@link
 * io.hypernetes.api.select.FieldSelector}. Immutable, for any thread.
 */
@NullMarked
package io.hypernetes.api.select;

import org.jspecify.annotations.NullMarked;
