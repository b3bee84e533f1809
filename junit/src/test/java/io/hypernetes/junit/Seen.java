package io.hypernetes.junit;

import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/** What an informer told of: the objects that must be there by its events, and what was wrong. */
final class Seen {
    /** Versions by name; guarded by this. */
    private final Map<String, String> objects = new TreeMap<>();

    private final Queue<String> mistakes = new ConcurrentLinkedQueue<>();

    synchronized void added(String name, String version) {
        if (objects.put(name, version) != null) {
            mistakes.add(name + " came twice");
        }
    }

    synchronized void updated(String name, String version) {
        String old = objects.put(name, version);
        if (old == null) {
            mistakes.add(name + " changed and had never come");
        } else if (Long.parseLong(version) < Long.parseLong(old)) {
            mistakes.add(name + " went back in time");
        }
    }

    synchronized void deleted(String name) {
        if (objects.remove(name) == null) {
            mistakes.add(name + " went and had never come");
        }
    }

    synchronized boolean holds(String name) {
        return objects.containsKey(name);
    }

    synchronized Map<String, String> versions() {
        return new TreeMap<>(objects);
    }

    Queue<String> mistakes() {
        return mistakes;
    }
}
