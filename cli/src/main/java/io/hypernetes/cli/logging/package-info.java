/**
 * What the program logs, and how a line of its log looks.
 *
 * <p>Entry class: {@link io.hypernetes.cli.logging.LogConfiguration}, found and called once by the
 * logging library before the first line.
 */
@NullMarked
package io.hypernetes.cli.logging;

import org.jspecify.annotations.NullMarked;
