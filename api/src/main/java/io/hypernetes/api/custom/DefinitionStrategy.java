package io.hypernetes.api.custom;

import io.hypernetes.api.FieldError;
import io.hypernetes.api.Metadata;
import io.hypernetes.api.Scope;
import io.hypernetes.api.names.Names;
import io.hypernetes.api.types.kind.Field;
import io.hypernetes.api.types.kind.KindStrategy;
import io.hypernetes.api.types.kind.ObjectMetaValidation;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;

/** CustomResourceDefinitions: defaults, what the server writes itself, and what changes. */
public final class DefinitionStrategy extends KindStrategy {

    /** Holds a definition until its objects are gone. */
    public static final String FINALIZER = "customresourcecleanup.apiextensions.k8s.io";

    public DefinitionStrategy() {
        super(Scope.CLUSTER, Names::dnsSubdomain);
    }

    @Override
    public void applyDefaults(ObjectNode definition) {
        if (!(definition.get("spec") instanceof ObjectNode spec)) {
            return;
        }
        if (spec.get("names") instanceof ObjectNode names) {
            String kind = names.path("kind").asString("");
            if (names.path("singular").asString("").isEmpty() && !kind.isEmpty()) {
                names.put("singular", kind.toLowerCase(Locale.ROOT));
            }
            if (names.path("listKind").asString("").isEmpty() && !kind.isEmpty()) {
                names.put("listKind", kind + "List");
            }
        }
        if (!spec.path("conversion").isObject()) {
            spec.putObject("conversion").put("strategy", "None");
        }
        if (spec.at("/conversion/webhook/clientConfig/service") instanceof ObjectNode service
                && !service.has("port")) {
            service.put("port", 443);
        }
    }

    @Override
    public void prepareForCreate(ObjectNode definition) {
        ObjectNode status = definition.putObject("status");
        ObjectNode names = status.putObject("acceptedNames");
        names.put("kind", "").put("plural", "");
        status.putNull("conditions");
        storedVersions(definition);
    }

    @Override
    public boolean beginDeletion(ObjectNode definition) {
        if (!Metadata.finalizers(definition).contains(FINALIZER)) {
            Metadata.ensureMetadata(definition).withArrayProperty("finalizers").add(FINALIZER);
        }
        Conditions.set(
                definition,
                "Terminating",
                true,
                "InstanceDeletionPending",
                "CustomResourceDefinition marked for deletion; CustomResource deletion will begin"
                        + " soon",
                Instant.now());
        return true;
    }

    @Override
    public void prepareForUpdate(ObjectNode definition, ObjectNode old) {
        super.prepareForUpdate(definition, old);
        if (definition.path("status").isObject()) {
            definition.set("status", definition.get("status").deepCopy());
        }
        storedVersions(definition);
    }

    /** Every version that was ever the stored one stays listed until somebody migrated. */
    private static void storedVersions(ObjectNode definition) {
        JsonNode status = definition.get("status");
        if (!(status instanceof ObjectNode object)) {
            return;
        }
        Set<String> stored = new LinkedHashSet<>(Structural.texts(object.path("storedVersions")));
        for (JsonNode version : definition.path("spec").path("versions")) {
            if (version.path("storage").asBoolean(false)) {
                stored.add(version.path("name").asString(""));
                break;
            }
        }
        if (stored.isEmpty()) {
            object.putNull("storedVersions");
        } else {
            ArrayNode list = object.putArray("storedVersions");
            stored.forEach(list::add);
        }
    }

    /** Finalizers need not be qualified here: the server's own is not. */
    @Override
    protected List<FieldError> metadata(
            ObjectNode object, boolean namespaced, Function<String, List<String>> nameRule) {
        return ObjectMetaValidation.validateAny(object, namespaced, nameRule);
    }

    @Override
    protected void rules(Field definition) {
        new DefinitionChecks(definition).check();
    }

    /** That its name fits no more is told by what must not change. */
    @Override
    protected void rules(Field definition, Field old) {
        new DefinitionChecks(definition).checkChanged();
    }

    @Override
    protected void createRules(Field definition) {
        DefinitionChecks.whatNeedNotStay(definition, definition.with(MissingNode.getInstance()));
        DefinitionChecks.storedVersions(definition);
    }

    @Override
    protected void updateRules(Field definition, Field old) {
        DefinitionChecks.whatNeedNotStay(definition, old);
        if (Conditions.isTrue(old.object(), "Established")) {
            definition.at("spec", "scope").immutable(old.at("spec", "scope"));
            definition.at("spec", "names", "kind").immutable(old.at("spec", "names", "kind"));
        }
        definition.at("spec", "group").immutable(old.at("spec", "group"));
        definition.at("spec", "names", "plural").immutable(old.at("spec", "names", "plural"));
        DefinitionChecks.storedVersions(definition);
    }

    @Override
    protected void statusRules(Field definition, Field old) {
        DefinitionChecks.storedVersions(definition);
    }

    @Override
    public List<String> warningsOnCreate(ObjectNode definition) {
        return List.copyOf(unknownFormats(definition));
    }

    private static Set<String> unknownFormats(ObjectNode definition) {
        Set<String> warnings = new LinkedHashSet<>();
        for (JsonNode version : definition.path("spec").path("versions")) {
            formats(version.path("schema").path("openAPIV3Schema"), warnings);
        }
        return warnings;
    }

    private static void formats(JsonNode schema, Set<String> warnings) {
        if (!schema.isObject()) {
            return;
        }
        String format = schema.path("format").asString("");
        if (!format.isEmpty() && !Formats.knows(schema.path("type").asString(""), format)) {
            warnings.add("unrecognized format \"" + format + "\"");
        }
        formats(schema.path("items"), warnings);
        formats(schema.path("additionalProperties"), warnings);
        schema.path("properties").forEach(property -> formats(property, warnings));
    }

    @Override
    public List<String> warningsOnUpdate(ObjectNode definition, ObjectNode old) {
        Set<String> warnings = unknownFormats(definition);
        warnings.removeAll(unknownFormats(old));
        return List.copyOf(warnings);
    }
}
