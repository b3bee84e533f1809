package io.hypernetes.store.sqlite;

import io.hypernetes.store.sorted.SortedTree;

/** What is durable: the revision and the keys it has. */
record State(long revision, SortedTree<Version> keys) {}
