package io.hypernetes.schema.extract;

import java.util.Map;

/**
 * A protocol buffer message.
 *
 * @param name as definitions are named, {@code io.k8s.api.core.v1.Pod}
 * @param fields by their proto name, in order
 */
record Message(String name, Comment comment, Map<String, Field> fields) {

    /**
     * @param type a scalar's name, {@code map<…>}, or a message's name with the prefix {@code
     *     io.k8s.}
     * @param number on the wire
     */
    record Field(String name, String type, int number, Comment comment) {}
}
