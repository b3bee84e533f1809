package io.hypernetes.server.admission;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.ObjectNode;

import java.util.HashSet;
import java.util.Set;

/**
 * The runs of the mutating controllers over one request: one, and a second one when a controller
 * asks for it because it changed what others have already looked at (upstream's reinvocation).
 * Belongs to the request's thread.
 */
public final class Passes {
    private boolean second;
    private boolean wanted;
    private final Callers webhooks = new Callers();
    private final Callers policies = new Callers();

    /** Whether everything has been asked once before. */
    public boolean isSecond() {
        return second;
    }

    /** Asks for a second run; in the second, this changes nothing. */
    public void askForSecond() {
        wanted = true;
    }

    boolean beginSecond() {
        second = wanted && !second;
        return second;
    }

    /** Of the webhooks. */
    public Callers callers() {
        return webhooks;
    }

    /** Of the policies. */
    public Callers policies() {
        return policies;
    }

    /**
     * Who is asked again in the second run: those that want to be, if the object has changed since
     * they saw it.
     */
    public static final class Callers {
        private final Set<String> called = new HashSet<>();
        private final Set<String> again = new HashSet<>();
        private @Nullable ObjectNode last;

        /** One that wants to be asked again has been asked. */
        public void called(String id) {
            called.add(id);
        }

        /** The object changed: who was asked before is asked again. */
        public void changed() {
            again.addAll(called);
            called.clear();
        }

        /** Keeps the object as it is at the end of a run. */
        public void remember(ObjectNode object) {
            last = object.deepCopy();
        }

        /** What others changed since counts as a change. */
        public void checkChanged(ObjectNode object) {
            if (last != null && !last.equals(object)) {
                changed();
            }
        }

        public boolean mayCallAgain(String id) {
            return again.contains(id);
        }
    }
}
