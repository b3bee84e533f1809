/** Tests with real machines. */
@NullMarked
package io.hypernetes.runtime.qemu;

import org.jspecify.annotations.NullMarked;
