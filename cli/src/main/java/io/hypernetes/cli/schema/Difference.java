package io.hypernetes.cli.schema;

/**
 * Something that the two documents say differently.
 *
 * @param what the sort of thing: {@code definition}, {@code field required}, {@code path}, …
 * @param where {@code io.k8s.api.core.v1.Pod.spec}, {@code get /api/v1/pods}
 * @param ours what our document says; {@code absent} when it says nothing
 */
record Difference(String what, String where, String ours, String theirs) {}
