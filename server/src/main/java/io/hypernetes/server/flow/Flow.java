package io.hypernetes.server.flow;

/**
 * What a request belongs to: those of one flow wait in the order of their coming, the flows of a
 * level take turns.
 *
 * @param schema the uid of the FlowSchema; empty when none matches
 * @param distinguisher the schema and, where it tells them apart, the user or the namespace
 */
public record Flow(String schema, PriorityLevel level, String distinguisher) {

    public static final Flow ONLY = new Flow("", PriorityLevel.ONLY, "");

    public boolean isClassified() {
        return !schema.isEmpty();
    }
}
