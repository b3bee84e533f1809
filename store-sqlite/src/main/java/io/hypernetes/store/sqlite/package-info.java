/**
 * The built-in store: one SQLite file, made durable by group commit.
 *
 * <p>Entry class: {@link io.hypernetes.store.sqlite.SqliteStore}, safe for many threads. SQL and
 * JDBC types stay in this package. Native calls pin a carrier of virtual threads, so they are made
 * by two platform threads only: the committer (all writes) and the reader (loads and the past).
 */
@NullMarked
package io.hypernetes.store.sqlite;

import org.jspecify.annotations.NullMarked;
