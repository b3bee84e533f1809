/**
 * The filters and scores of upstream's default profile, a small class each.
 *
 * <p>Entry class: {@link io.hypernetes.scheduler.plugin.Profile}. A plug-in is asked once per pod
 * and answers with what to ask of each node; nothing here is shared between threads.
 */
@NullMarked
package io.hypernetes.scheduler.plugin;

import org.jspecify.annotations.NullMarked;
