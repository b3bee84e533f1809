package io.hypernetes.store.cache;

import io.hypernetes.store.ObjectPath;
import io.hypernetes.store.ObjectRange;

/** Whose objects are in one tree. */
record ResourceId(String group, String resource) {

    static ResourceId of(ObjectPath path) {
        return new ResourceId(path.group(), path.resource());
    }

    static ResourceId of(ObjectRange range) {
        return new ResourceId(range.group(), range.resource());
    }
}
