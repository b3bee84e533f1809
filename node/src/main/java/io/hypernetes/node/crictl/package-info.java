/**
 * An operator's questions to a CRI socket, whosever runtime it is: {@link
 * io.hypernetes.node.crictl.CriTool}. Any thread may ask; answers are CRI's own messages.
 */
@NullMarked
package io.hypernetes.node.crictl;

import org.jspecify.annotations.NullMarked;
