/** Tests of how answers are written. */
@NullMarked
package io.hypernetes.server.output;

import org.jspecify.annotations.NullMarked;
