/** Tests of how requests are understood. */
@NullMarked
package io.hypernetes.server.request;

import org.jspecify.annotations.NullMarked;
