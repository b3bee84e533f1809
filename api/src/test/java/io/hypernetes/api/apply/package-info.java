/** Tests of server-side apply. */
@NullMarked
package io.hypernetes.api.apply;

import org.jspecify.annotations.NullMarked;
