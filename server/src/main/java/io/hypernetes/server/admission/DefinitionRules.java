package io.hypernetes.server.admission;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.FieldError;
import io.hypernetes.api.GroupResource;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.schema.SchemaRules;
import io.hypernetes.api.types.ExtensionTypes;
import io.hypernetes.api.types.ResourceTypes;
import io.hypernetes.store.Compare;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

import java.util.ArrayList;
import java.util.List;

/**
 * A CustomResourceDefinition is of no built-in type, its CEL rules compile and do not cost too
 * much. What a version had before was judged then.
 */
final class DefinitionRules implements AdmissionController {
    private final SchemaRules.Compiler compiler;

    DefinitionRules(SchemaRules.Compiler compiler) {
        this.compiler = compiler;
    }

    @Override
    public List<Compare> validate(AdmissionRequest request) {
        if (!request.writes()
                || !request.subresource().isEmpty()
                || !request.isFor(ExtensionTypes.CUSTOM_RESOURCE_DEFINITIONS)) {
            return List.of();
        }
        requireOwnName(request);
        JsonNode versions = request.object().path("spec").path("versions");
        JsonNode before =
                request.old()
                        .map(old -> old.path("spec").path("versions"))
                        .orElse(MissingNode.getInstance());
        List<FieldError> errors = new ArrayList<>();
        boolean same = areTheSame(versions);
        for (int i = 0; i < (same ? 1 : versions.size()); i++) {
            String path =
                    same
                            ? "spec.validation.openAPIV3Schema"
                            : "spec.versions[" + i + "].schema.openAPIV3Schema";
            JsonNode schema = versions.get(i).path("schema").path("openAPIV3Schema");
            if (Json.same(schema, schemaOf(before, versions.get(i).path("name")))) {
                continue;
            }
            errors.addAll(compiler.check(schema, path));
        }
        if (!errors.isEmpty()) {
            throw ApiException.invalid(request.type().groupVersionKind(), request.name(), errors);
        }
        return List.of();
    }

    /** Upstream judges what all versions have in common once, as the definition's own. */
    private static boolean areTheSame(JsonNode versions) {
        return versions.valueStream()
                .allMatch(version ->
                        Json.same(version.path("schema"), versions.path(0).path("schema")));
    }

    /**
     * Objects are kept under their group and plural, whatever the version: a definition with those
     * of a built-in type would write, without that type's rules, what the server's own controllers
     * read.
     */
    private static void requireOwnName(AdmissionRequest request) {
        JsonNode spec = request.object().path("spec");
        GroupResource wanted =
                new GroupResource(
                        spec.path("group").asString(""),
                        spec.path("names").path("plural").asString(""));
        if (ResourceTypes.BUILTIN.find(wanted).isPresent()) {
            throw ApiException.forbidden(
                    request.type().id(),
                    request.name(),
                    "%s is a type of the server's own".formatted(wanted));
        }
    }

    private static JsonNode schemaOf(JsonNode versions, JsonNode name) {
        for (JsonNode version : versions) {
            if (Json.same(version.path("name"), name)) {
                return version.path("schema").path("openAPIV3Schema");
            }
        }
        return MissingNode.getInstance();
    }
}
