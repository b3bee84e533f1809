/** Tests of the extraction. */
@NullMarked
package io.hypernetes.schema.extract;

import org.jspecify.annotations.NullMarked;
