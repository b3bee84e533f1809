package io.hypernetes.api.custom;

import io.hypernetes.api.Conversion;
import io.hypernetes.api.GroupVersionKind;
import io.hypernetes.api.Renewal;

import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Map;

/**
 * The schemas of all versions of a definition, served or not, for what was stored in any of them.
 *
 * @param since what was written at a later revision was written under these schemas
 */
record VersionSchemas(Map<String, CustomSchema> schemas, long since) implements Renewal {

    @Override
    public boolean concerns(long revision) {
        return revision <= since;
    }

    @Override
    public void renew(ObjectNode stored) {
        CustomSchema schema = schemas.get(version(stored.path("apiVersion").asString("")));
        if (schema != null) {
            schema.prune(stored);
            schema.applyDefaults(stored);
        }
    }

    /** The same conversion; of its result only what the wanted version knows is left. */
    Conversion pruning(Conversion conversion) {
        return (objects, wanted) -> prune(conversion.convert(objects, wanted), wanted);
    }

    private List<ObjectNode> prune(List<ObjectNode> converted, GroupVersionKind wanted) {
        CustomSchema schema = schemas.get(wanted.version());
        if (schema != null) {
            converted.forEach(schema::prune);
        }
        return converted;
    }

    private static String version(String apiVersion) {
        return apiVersion.substring(apiVersion.indexOf('/') + 1);
    }
}
