/** Tests of the listener. */
@NullMarked
package io.hypernetes.server.jetty;

import org.jspecify.annotations.NullMarked;
