/**
 * A store over an etcd cluster, which other servers and other programs may use at the same time.
 * Only the names of keys are ours; revisions, durability and order are etcd's.
 *
 * <p>Entry class: {@link io.hypernetes.store.etcd.EtcdStore}, safe for many threads. Each watch has
 * a thread of its own, which calls its listener.
 */
@NullMarked
package io.hypernetes.store.etcd;

import org.jspecify.annotations.NullMarked;
