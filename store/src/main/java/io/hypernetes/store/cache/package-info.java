/**
 * The watch cache: the current state of a store in memory, consistent lists at one revision, and
 * watches. All reads of the API are served from here.
 *
 * <p>Entry class: {@link io.hypernetes.store.cache.WatchCache}. The store's thread writes, one
 * dispatcher thread hands events to watchers, any thread reads; readers take no lock on the way to
 * an object or a list of the current state.
 */
@NullMarked
package io.hypernetes.store.cache;

import org.jspecify.annotations.NullMarked;
