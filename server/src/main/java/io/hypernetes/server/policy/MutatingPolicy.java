package io.hypernetes.server.policy;

import io.hypernetes.cel.CompilationException;
import io.hypernetes.cel.Expression;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A MutatingAdmissionPolicy, compiled.
 *
 * @param reinvoked reinvocationPolicy IfNeeded
 */
record MutatingPolicy(Policy policy, List<Mutation> mutations, boolean reinvoked) {
    /**
     * @param patch a JSONPatch, else an ApplyConfiguration
     * @param error why it could not be compiled; empty when it was
     */
    record Mutation(boolean patch, Optional<Expression> expression, String error) {}

    static MutatingPolicy of(ObjectNode object) {
        Policy policy = Policy.of(object);
        List<Mutation> mutations = new ArrayList<>();
        for (JsonNode mutation : object.path("spec").path("mutations")) {
            boolean patch = mutation.path("patchType").asString("").equals("JSONPatch");
            String text =
                    mutation.path(patch ? "jsonPatch" : "applyConfiguration")
                            .path("expression")
                            .asString("");
            try {
                mutations.add(
                        new Mutation(
                                patch,
                                Optional.of(policy.environment().compileMutation(text)),
                                ""));
            } catch (CompilationException e) {
                mutations.add(
                        new Mutation(patch, Optional.empty(), "compilation failed: " + e.text()));
            }
        }
        return new MutatingPolicy(
                policy,
                List.copyOf(mutations),
                object.path("spec").path("reinvocationPolicy").asString("").equals("IfNeeded"));
    }
}
