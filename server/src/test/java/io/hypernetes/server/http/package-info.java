/** Tests of bodies and queries. */
@NullMarked
package io.hypernetes.server.http;

import org.jspecify.annotations.NullMarked;
