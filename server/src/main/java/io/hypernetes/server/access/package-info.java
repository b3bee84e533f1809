/**
 * Who a request is from, whose world it acts in, whether it may, and how much of the server its
 * tenant takes up.
 *
 * <p>Entry class: {@link io.hypernetes.server.access.Gate}. For any thread.
 */
@NullMarked
package io.hypernetes.server.access;

import org.jspecify.annotations.NullMarked;
