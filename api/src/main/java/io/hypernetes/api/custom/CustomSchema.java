package io.hypernetes.api.custom;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.FieldError;
import io.hypernetes.api.GroupVersionKind;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.schema.FieldValidation;
import io.hypernetes.api.schema.ObjectSchema;
import io.hypernetes.api.schema.Schema;
import io.hypernetes.api.schema.SchemaRules;
import io.hypernetes.api.schema.Schemas;
import io.hypernetes.api.schema.UnknownFields;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The schema of one version of a CustomResourceDefinition, compiled. */
public final class CustomSchema implements ObjectSchema {
    /** What is wrong so that rules are not asked any more. */
    private static final Set<FieldError.Type> BLOCKING =
            Set.of(
                    FieldError.Type.NOT_SUPPORTED,
                    FieldError.Type.REQUIRED,
                    FieldError.Type.TOO_LONG,
                    FieldError.Type.TOO_MANY,
                    FieldError.Type.TYPE_INVALID);

    private static final String REFERENCE = "$ref";
    private static final String META =
            "#/definitions/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";

    private final String definition;
    private final JsonNode source;
    private final Structural structural;
    private final boolean preserves;
    private final boolean hasEmbedded;
    private final SchemaRules rules;
    private final Schema.Struct struct;

    /**
     * @param source the {@code openAPIV3Schema}
     * @param preserves {@code spec.preserveUnknownFields}, of definitions from v1beta1's days
     */
    CustomSchema(
            GroupVersionKind kind,
            JsonNode source,
            boolean preserves,
            SchemaRules.Compiler compiler) {
        this.definition = definition(kind);
        this.source = source;
        this.structural = Structural.of(source);
        this.preserves = preserves;
        this.hasEmbedded = EmbeddedResources.in(structural);
        this.rules = compiler.rules(source);
        this.struct =
                Schemas.kubernetes()
                        .read(
                                definition,
                                envelope(
                                        source instanceof ObjectNode object
                                                ? object.deepCopy()
                                                : Json.object(),
                                        preserves));
    }

    /** {@code com.example.stable.v1.CronTab}, as upstream names it in OpenAPI. */
    static String definition(GroupVersionKind kind) {
        List<String> parts = new ArrayList<>(Arrays.asList(kind.group().split("\\.")));
        java.util.Collections.reverse(parts);
        return parts.stream().collect(Collectors.joining("."))
                + "."
                + kind.version()
                + "."
                + kind.kind();
    }

    private static ObjectNode envelope(ObjectNode schema, boolean preserves) {
        schema.put("type", "object").put("x-hypernetes-checked", true);
        schema.remove("x-kubernetes-int-or-string"); // may be said of a root too, to no effect
        ObjectNode properties = schema.withObjectProperty("properties");
        properties.putObject("apiVersion").put("type", "string");
        properties.putObject("kind").put("type", "string");
        properties.putObject("metadata").put(REFERENCE, META);
        if (preserves) {
            schema.put("x-kubernetes-preserve-unknown-fields", true);
        }
        return schema;
    }

    @Override
    public String definition() {
        return definition;
    }

    @Override
    public Schema.Struct struct() {
        return struct;
    }

    /** The {@code openAPIV3Schema}; not to be changed. */
    @Override
    public Optional<JsonNode> source() {
        return Optional.of(source);
    }

    @Override
    public List<String> decode(
            GroupVersionKind kind, ObjectNode object, FieldValidation validation) {
        List<String> unknown = new ArrayList<>();
        EmbeddedMetadata.decode(object, "metadata", unknown)
                .ifPresent(wrong -> {
                    throw undecodable(kind, wrong);
                });
        prune(object).stream().map(path -> "unknown field \"" + path + "\"").forEach(unknown::add);
        if (hasEmbedded) {
            EmbeddedResources.decode(structural, object, unknown)
                    .ifPresent(wrong -> {
                        throw undecodable(kind, wrong.toString());
                    });
        }
        switch (validation) {
            case IGNORE -> {
                return List.of();
            }
            case WARN -> {
                return unknown;
            }
            case STRICT -> {
                if (!unknown.isEmpty()) {
                    throw ApiException.badRequest(UnknownFields.strictError(kind, unknown));
                }
                return List.of();
            }
        }
        return unknown;
    }

    /** Drops what the schema does not know, in place; the paths of what was dropped. */
    List<String> prune(ObjectNode object) {
        return preserves ? List.of() : Pruner.prune(structural, object);
    }

    private static ApiException undecodable(GroupVersionKind kind, String wrong) {
        return ApiException.badRequest(
                "%s in version \"%s\" cannot be handled as a %s: %s"
                        .formatted(kind.kind(), kind.version(), kind.kind(), wrong));
    }

    @Override
    public void applyDefaults(ObjectNode object) {
        Defaulter.apply(structural, object);
    }

    @Override
    public List<FieldError> validate(ObjectNode object) {
        return check(object, null, List.of());
    }

    @Override
    public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old) {
        return check(object, old, List.of());
    }

    @Override
    public List<FieldError> validate(
            ObjectNode object, Optional<ObjectNode> old, List<FieldError> ofKind) {
        return check(object, old.orElse(null), ofKind);
    }

    /**
     * @param ofKind of the metadata, which is looked at first, and of replicas ({@link
     *     ScaleChecks}), which follow the schema's
     */
    private List<FieldError> check(
            ObjectNode object, @Nullable ObjectNode old, List<FieldError> ofKind) {
        List<FieldError> errors = new ArrayList<>();
        ofKind.stream().filter(error -> !ScaleChecks.found(error)).forEach(errors::add);
        errors.addAll(ValueValidator.validate(structural, object, old));
        ofKind.stream().filter(ScaleChecks::found).forEach(errors::add);
        errors.addAll(unlikeBefore(object, old));
        if (rules == SchemaRules.NONE) {
            return errors;
        }
        // Rules rely on the shape that the schema gives.
        if (errors.stream().anyMatch(error -> BLOCKING.contains(error.type()))) {
            errors.add(
                    FieldError.invalid(
                            ValueValidator.WHOLE,
                            "null",
                            "some validation rules were not checked because the object was invalid;"
                                    + " correct the existing errors to complete validation"));
        } else {
            errors.addAll(rules.check(object, Optional.ofNullable(old)));
        }
        return errors;
    }

    /** Lists and resources inside that were wrong before are not made wrong by this update. */
    private List<FieldError> unlikeBefore(ObjectNode object, @Nullable ObjectNode old) {
        List<FieldError> errors = inside(object);
        if (old != null && !errors.isEmpty()) {
            errors.removeAll(inside(old));
        }
        return errors;
    }

    private List<FieldError> inside(ObjectNode object) {
        List<FieldError> errors = new ArrayList<>();
        if (hasEmbedded) {
            EmbeddedResources.check(structural, object, "", errors);
        }
        ListRules.check(structural, object, "", errors);
        return errors;
    }

    @Override
    public String toString() {
        return definition;
    }
}
