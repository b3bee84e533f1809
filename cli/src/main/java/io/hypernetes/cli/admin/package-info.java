/**
 * The way from a command to the server that runs on the same data folder, for what the API has no
 * words for: a UNIX socket that only the server's own user and root can use.
 *
 * <p>Entry classes: {@link io.hypernetes.cli.admin.AdminSocket} in the server, {@link
 * io.hypernetes.cli.admin.AdminClient} in the command. One question at a time.
 */
@NullMarked
package io.hypernetes.cli.admin;

import org.jspecify.annotations.NullMarked;
