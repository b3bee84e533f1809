/** Tests of the protobuf forms. */
@NullMarked
package io.hypernetes.api.protobuf;

import org.jspecify.annotations.NullMarked;
