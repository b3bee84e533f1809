package io.hypernetes.api.types;

import static io.hypernetes.api.Trees.object;

import io.hypernetes.api.FieldError;
import io.hypernetes.api.Metadata;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.Scope;
import io.hypernetes.api.types.kind.Trees;

import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What tables of mistakes ask: how a kind tells what is wrong with an object. */
final class RuleTables {

    private RuleTables() {}

    static ResourceType type(String plural) {
        return BuiltinTypes.ALL.stream()
                .filter(type -> type.id().resource().equals(plural))
                .findFirst()
                .orElseThrow();
    }

    /** As the server sees it: named, in a namespace where it must be, with its defaults. */
    static ObjectNode stored(ResourceType type, String json) {
        ObjectNode object = object(json);
        ObjectNode metadata = Metadata.ensureMetadata(object);
        Trees.setDefault(metadata, "name", "x");
        if (type.scope() == Scope.NAMESPACED) {
            Trees.setDefault(metadata, "namespace", "web");
        }
        type.strategy().applyDefaults(object);
        return object;
    }

    /** What a creation is told. */
    static String mistakes(String plural, String json) {
        return mistakes(type(plural), json);
    }

    static String mistakes(ResourceType type, String json) {
        ObjectNode object = stored(type, json);
        List<FieldError> errors = new ArrayList<>(type.strategy().validate(object));
        errors.addAll(type.strategy().validateCreate(object));
        return told(errors);
    }

    /** What an update is told beyond the mistakes of the new object. */
    static String changes(String plural, String before, String after) {
        ResourceType type = type(plural);
        return told(type.strategy().validateUpdate(stored(type, after), stored(type, before)));
    }

    /** What an update of the status is told. */
    static String statusMistakes(String plural, String before, String after) {
        ResourceType type = type(plural);
        ObjectNode old = stored(type, before);
        ObjectNode object = stored(type, after);
        type.strategy().prepareForStatusUpdate(object, old);
        return told(type.strategy().validateStatusUpdate(object, old));
    }

    static String told(List<FieldError> errors) {
        return errors.stream().map(FieldError::toString).collect(Collectors.joining(" && "));
    }
}
