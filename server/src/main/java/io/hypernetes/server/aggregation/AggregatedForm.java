package io.hypernetes.server.aggregation;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;

/** An APIResourceList in the form of aggregated discovery (KEP-3352). */
final class AggregatedForm {
    private AggregatedForm() {}

    static void fill(ArrayNode resources, ObjectNode list, Claim claim) {
        for (JsonNode member : list.path("resources")) {
            String name = member.path("name").asString("");
            int slash = name.indexOf('/');
            if (slash < 0) {
                ObjectNode resource = resources.addObject().put("resource", name);
                kind(resource, member, claim);
                resource.put(
                        "scope",
                        member.path("namespaced").asBoolean(false) ? "Namespaced" : "Cluster");
                resource.put("singularResource", member.path("singularName").asString(""));
                copy(resource, member, List.of("verbs", "shortNames", "categories"));
            } else {
                for (JsonNode parent : resources) {
                    if (parent instanceof ObjectNode known
                            && known.path("resource")
                                    .asString("")
                                    .equals(name.substring(0, slash))) {
                        ObjectNode part =
                                known.withArrayProperty("subresources")
                                        .addObject()
                                        .put("subresource", name.substring(slash + 1));
                        kind(part, member, claim);
                        copy(part, member, List.of("verbs"));
                    }
                }
            }
        }
    }

    private static void kind(ObjectNode to, JsonNode member, Claim claim) {
        to.putObject("responseKind")
                .put("group", member.path("group").asString(claim.group()))
                .put("version", member.path("version").asString(claim.version()))
                .put("kind", member.path("kind").asString(""));
    }

    private static void copy(ObjectNode to, JsonNode from, List<String> fields) {
        for (String field : fields) {
            if (from.path(field) instanceof ArrayNode values) {
                to.set(field, values.deepCopy());
            }
        }
    }
}
