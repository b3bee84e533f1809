/**
 * A small client of the Open vSwitch Database protocol (RFC 7047) over UNIX sockets.
 *
 * <p>Entry class: {@link io.hypernetes.network.ovsdb.OvsdbClient}. A client may be used by any
 * number of threads; {@link io.hypernetes.network.ovsdb.Transaction} and {@link
 * io.hypernetes.network.ovsdb.Columns} are built by one thread.
 */
@NullMarked
package io.hypernetes.network.ovsdb;

import org.jspecify.annotations.NullMarked;
