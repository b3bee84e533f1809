/**
 * Puts the parts together: the only place that knows all of them and which implementation each seam
 * has.
 *
 * <p>Entry class: {@link io.hypernetes.cli.assembly.Cloud}. It is started and closed by one thread.
 */
@NullMarked
package io.hypernetes.cli.assembly;

import org.jspecify.annotations.NullMarked;
