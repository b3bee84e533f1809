/** Tests of the schemas. */
@NullMarked
package io.hypernetes.api.schema;

import org.jspecify.annotations.NullMarked;
