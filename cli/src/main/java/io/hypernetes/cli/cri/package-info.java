/**
 * {@code hypernetes cri}: what users of crictl know, against any CRI socket; {@link
 * io.hypernetes.cli.cri.CriCommand}. One thread.
 */
@NullMarked
package io.hypernetes.cli.cri;

import org.jspecify.annotations.NullMarked;
