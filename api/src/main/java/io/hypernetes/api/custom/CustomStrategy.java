package io.hypernetes.api.custom;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.FieldError;
import io.hypernetes.api.GroupResource;
import io.hypernetes.api.Metadata;
import io.hypernetes.api.ScalePaths;
import io.hypernetes.api.Scope;
import io.hypernetes.api.Strategy;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.names.Names;
import io.hypernetes.api.types.kind.ObjectMetaValidation;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The life of custom resources.
 *
 * @param hasStatus the status is a subresource: only there it changes, and it is not the object's
 *     generation that counts its changes
 * @param isEnding the definition is being deleted: nothing new is made
 * @param deprecation what who uses the version is warned of
 * @param scale of no use unless scale is a subresource
 * @param selectable JSONPaths of selectable fields by the name that selectors use, without the dot
 */
record CustomStrategy(
        GroupResource id,
        Scope scope,
        boolean hasStatus,
        boolean isEnding,
        Optional<String> deprecation,
        ScalePaths scale,
        Map<String, JsonPath> selectable)
        implements Strategy {

    @Override
    public void prepareForCreate(ObjectNode object) {
        if (isEnding) {
            throw ApiException.forbidden(
                    id,
                    Metadata.name(object),
                    "create not allowed while custom resource definition is terminating");
        }
        if (hasStatus) {
            object.remove("status");
        }
    }

    @Override
    public void prepareForUpdate(ObjectNode object, ObjectNode old) {
        if (hasStatus) {
            Strategy.super.prepareForUpdate(object, old);
        }
    }

    /** Of the metadata nothing is changed, labels and finalizers neither. */
    @Override
    public void prepareForStatusUpdate(ObjectNode object, ObjectNode old) {
        JsonNode managers = object.path("metadata").get("managedFields");
        Strategy.super.prepareForStatusUpdate(object, old);
        ObjectNode metadata = Metadata.ensureMetadata(old.deepCopy());
        if (managers != null) {
            metadata.set("managedFields", managers);
        }
        object.set("metadata", metadata);
    }

    @Override
    public List<String> warningsOnCreate(ObjectNode object) {
        return warnings(Metadata.finalizers(object));
    }

    @Override
    public List<String> warningsOnUpdate(ObjectNode object, ObjectNode old) {
        List<String> added = new ArrayList<>(Metadata.finalizers(object));
        added.removeAll(Metadata.finalizers(old));
        return warnings(added);
    }

    private static List<String> warnings(List<String> finalizers) {
        return finalizers.stream()
                .distinct()
                .sorted()
                .filter(name -> !ObjectMetaValidation.isQualifiedFinalizer(name))
                .map(name ->
                        "metadata.finalizers: \"%s\": prefer a domain-qualified finalizer name%s to avoid accidental conflicts with other finalizer writers"
                                .formatted(name, name.contains(".") ? " including a path (/)" : ""))
                .toList();
    }

    /** All of the object is its user's wish, but for what the server or a controller writes. */
    @Override
    public JsonNode desired(ObjectNode object) {
        return counted(object);
    }

    private ObjectNode counted(ObjectNode object) {
        ObjectNode counted = Json.object();
        object.forEachEntry((name, value) -> {
            if (!name.equals("metadata") && !(hasStatus && name.equals("status"))) {
                counted.set(name, value);
            }
        });
        return counted;
    }

    @Override
    public List<FieldError> validate(ObjectNode object) {
        List<FieldError> errors =
                new ArrayList<>(
                        ObjectMetaValidation.validateAny(
                                object, scope == Scope.NAMESPACED, Names::dnsSubdomain));
        errors.addAll(ScaleChecks.whole(scale, object));
        return errors;
    }

    @Override
    public List<FieldError> validateStatusUpdate(ObjectNode object, ObjectNode old) {
        return ScaleChecks.status(scale, object);
    }

    @Override
    public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old) {
        return ObjectMetaValidation.validateUpdate(object, old);
    }

    @Override
    public List<String> selectableFields() {
        return List.copyOf(selectable.keySet());
    }

    @Override
    public String selectableValue(ObjectNode object, String field) {
        JsonPath path = selectable.get(field);
        if (path == null) {
            return Strategy.super.selectableValue(object, field);
        }
        return path.select(object).stream().map(v -> v.asString("")).findFirst().orElse("");
    }
}
