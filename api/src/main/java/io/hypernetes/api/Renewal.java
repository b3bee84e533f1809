package io.hypernetes.api;

import tools.jackson.databind.node.ObjectNode;

/**
 * What reading makes of objects that may have been stored under another schema than today's: a
 * custom resource's definition changes under its objects, which nobody rewrites. What was written
 * since then is served as it is stored, so that only old objects are ever looked into.
 */
public interface Renewal {

    /** Of types whose schema does not change. */
    Renewal NONE =
            new Renewal() {
                @Override
                public boolean concerns(long revision) {
                    return false;
                }

                @Override
                public void renew(ObjectNode stored) {}
            };

    /** Whether what was written at that revision may be older than the schema. */
    boolean concerns(long revision);

    /** Prunes and defaults an object in the version in which it was stored, in place. */
    void renew(ObjectNode stored);
}
