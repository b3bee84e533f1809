package io.hypernetes.store.sqlite;

/** What the committer has to know of a key without reading it. */
record Version(long createRevision, long modRevision) {}
