package io.hypernetes.api.types.kind;

import io.hypernetes.api.FieldError;
import io.hypernetes.api.Metadata;
import io.hypernetes.api.Metadata.OwnerReference;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.names.Names;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The rules for every object's metadata, after apimachinery's api/validation. */
public final class ObjectMetaValidation {

    private static final int MAX_ANNOTATION_BYTES = 256 << 10;
    private static final List<String> STANDARD_FINALIZERS =
            List.of("kubernetes", "orphan", "foregroundDeletion");

    private ObjectMetaValidation() {}

    /**
     * @param nameRule what is wrong with a name, empty when nothing is; see {@link
     *     io.hypernetes.api.names.Names}
     */
    public static List<FieldError> validate(
            ObjectNode object, boolean namespaced, Function<String, List<String>> nameRule) {
        Errors errors = new Errors();
        errors.addAll(validateAny(object, namespaced, nameRule));
        List<String> finalizers = Metadata.finalizers(object);
        for (int i = 0; i < finalizers.size(); i++) {
            finalizer("metadata.finalizers[" + i + "]", finalizers.get(i), errors);
        }
        return errors.all();
    }

    /** The rules that also hold for kinds that Kubernetes itself does not know. */
    public static List<FieldError> validateAny(
            ObjectNode object, boolean namespaced, Function<String, List<String>> nameRule) {
        Errors errors = new Errors();
        names(object, nameRule, errors);
        String namespace = Metadata.namespace(object);
        if (!namespaced && !namespace.isEmpty()) {
            errors.forbidden("metadata.namespace", "not allowed on this type");
        } else if (namespaced && namespace.isEmpty()) {
            errors.required("metadata.namespace", "");
        } else if (namespaced) {
            errors.form("metadata.namespace", namespace, Names.dnsLabel(namespace));
        }
        labels("metadata.labels", Metadata.labels(object), errors);
        annotations(Metadata.annotations(object), errors);
        owners(object, errors);
        List<String> finalizers = Metadata.finalizers(object);
        for (String finalizer : finalizers) {
            errors.form("metadata.finalizers", finalizer, Names.qualifiedName(finalizer));
        }
        return errors.all();
    }

    private static void names(
            ObjectNode object, Function<String, List<String>> nameRule, Errors errors) {
        String generateName = Metadata.generateName(object);
        if (!generateName.isEmpty()) {
            errors.form(
                    "metadata.generateName",
                    generateName,
                    nameRule.apply(maskTrailingDash(generateName)));
        }
        String name = Metadata.name(object);
        if (name.isEmpty()) {
            errors.required("metadata.name", "name or generateName is required");
        } else {
            errors.form("metadata.name", name, nameRule.apply(name));
        }
    }

    /** A prefix may end in a dash: the generated part follows it. */
    private static String maskTrailingDash(String prefix) {
        return prefix.length() > 1 && prefix.endsWith("-")
                ? prefix.substring(0, prefix.length() - 2) + "a"
                : prefix;
    }

    public static boolean isQualifiedFinalizer(String finalizer) {
        return finalizer.contains("/") || STANDARD_FINALIZERS.contains(finalizer);
    }

    /** A controller's own finalizer must say whose it is; the well-known ones do without. */
    public static void finalizer(String field, String finalizer, Errors errors) {
        if (!isQualifiedFinalizer(finalizer)) {
            errors.invalidText(
                    field,
                    finalizer,
                    "name is neither a standard finalizer name nor is it fully qualified");
        }
    }

    public static void labels(String field, Map<String, String> labels, Errors errors) {
        labels.forEach((key, value) -> {
            errors.form(field, key, Names.qualifiedName(key));
            errors.form(field, value, Names.labelValue(value));
        });
    }

    private static void annotations(Map<String, String> annotations, Errors errors) {
        long bytes = 0;
        for (Map.Entry<String, String> annotation : annotations.entrySet()) {
            String key = annotation.getKey();
            errors.form(
                    "metadata.annotations", key, Names.qualifiedName(key.toLowerCase(Locale.ROOT)));
            bytes += key.getBytes(StandardCharsets.UTF_8).length;
            bytes += annotation.getValue().getBytes(StandardCharsets.UTF_8).length;
        }
        if (bytes > MAX_ANNOTATION_BYTES) {
            errors.add(FieldError.tooLong("metadata.annotations", MAX_ANNOTATION_BYTES));
        }
    }

    private static void owners(ObjectNode object, Errors errors) {
        List<OwnerReference> owners = Metadata.ownerReferences(object);
        String controller = "";
        for (int i = 0; i < owners.size(); i++) {
            OwnerReference owner = owners.get(i);
            // Upstream tells of an item at the list.
            String field = "metadata.ownerReferences";
            apiVersion(field + ".apiVersion", owner.apiVersion(), errors);
            requireText(field + ".kind", owner.kind(), errors);
            requireText(field + ".name", owner.name(), errors);
            requireText(field + ".uid", owner.uid(), errors);
            JsonNode all = object.path("metadata").path("ownerReferences");
            if (owner.apiVersion().equals("v1") && owner.kind().equals("Event")) {
                errors.invalid(
                        field,
                        Json.text(all.path(i)),
                        "/v1, Kind=Event is disallowed from being an owner");
            }
            String name = owner.kind() + "/" + owner.name();
            if (owner.controller() && !controller.isEmpty()) {
                errors.invalid(
                        "metadata.ownerReferences",
                        Json.text(all),
                        "Only one reference can have Controller set to true. Found \"true\" in"
                                + " references for "
                                + controller
                                + " and "
                                + name);
            } else if (owner.controller()) {
                controller = name;
            }
        }
    }

    private static void apiVersion(String field, String value, Errors errors) {
        boolean hasVersion = !value.endsWith("/") && value.indexOf('/') == value.lastIndexOf('/');
        if (value.isEmpty() || !hasVersion) {
            errors.invalidText(field, value, "version must not be empty");
        }
    }

    private static void requireText(String field, String value, Errors errors) {
        if (value.isEmpty()) {
            errors.invalidText(field, value, "must not be empty");
        }
    }

    /** What an update may not change. */
    public static List<FieldError> validateUpdate(ObjectNode object, ObjectNode old) {
        Errors errors = new Errors();
        if (Metadata.isBeingDeleted(old)) {
            List<String> added = new ArrayList<>(Metadata.finalizers(object));
            added.removeAll(Metadata.finalizers(old));
            if (!added.isEmpty()) {
                errors.forbidden(
                        "metadata.finalizers",
                        "no new finalizers can be added if the object is being deleted, found new"
                                + " finalizers "
                                + added.stream()
                                        .sorted()
                                        .map(name -> '"' + name + '"')
                                        .collect(Collectors.joining(", ", "[]string{", "}")));
            }
        }
        for (String field :
                List.of(
                        "name",
                        "namespace",
                        "uid",
                        "creationTimestamp",
                        "deletionTimestamp",
                        "deletionGracePeriodSeconds")) {
            immutable(
                    "metadata." + field,
                    object.path("metadata").path(field),
                    old.path("metadata").path(field),
                    errors);
        }
        return errors.all();
    }

    /** Missing and null are the same. */
    public static boolean immutable(String field, JsonNode value, JsonNode old, Errors errors) {
        boolean absent = value.isMissingNode() || value.isNull();
        boolean wasAbsent = old.isMissingNode() || old.isNull();
        if (absent && wasAbsent || !absent && Json.same(value, old)) {
            return true;
        }
        // What is missing is shown as the zero value of its type.
        String shown = !absent ? Json.text(value) : old.isString() ? "\"\"" : "null";
        errors.invalid(field, shown, "field is immutable");
        return false;
    }
}
