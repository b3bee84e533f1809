/**
 * The channel into a guest: what the agent there is asked to do, and the streams to and from its
 * processes. The protocol is described in {@code guest/PROTOCOL.md}.
 *
 * <p>Entry class: {@link io.hypernetes.runtime.agent.GuestAgent}. Everything here may be called by
 * many threads at once; calls block and are meant for virtual threads. What comes from the guest is
 * hostile: every length, count and queue is bounded, and a breach of the protocol ends the channel.
 */
@NullMarked
package io.hypernetes.runtime.agent;

import org.jspecify.annotations.NullMarked;
