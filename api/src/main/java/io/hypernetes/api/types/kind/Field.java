package io.hypernetes.api.types.kind;

import io.hypernetes.api.FieldError;
import io.hypernetes.api.FieldError.Type;
import io.hypernetes.api.json.Json;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * A place in an object that is being validated: its path, its value, and the list that what is
 * wrong goes to. Rules read as sentences:
 *
 * <pre>{@code
 * spec.at("replicas").notNegative();
 * spec.at("type").required().oneOf("Recreate", "RollingUpdate");
 * spec.at("hostname").ifGiven().form(Names::dnsLabel);
 * spec.at("ports").items().forEach(port -> port.at("name").required());
 * }</pre>
 *
 * <p>{@link #required} and {@link #ifGiven} answer a field that tells nothing more when there is
 * nothing to look at, so that one mistake makes one error.
 */
public final class Field {

    /** Null for a place whose name is a whole path. */
    private final @Nullable Field parent;

    /** A field's name, or an index or key in brackets. */
    private final String name;

    private final JsonNode value;
    private final Errors errors;

    /** Looked at without telling: what is wrong is not even put into words. */
    private final boolean silent;

    private Field(
            @Nullable Field parent, String name, JsonNode value, Errors errors, boolean silent) {
        this.parent = parent;
        this.name = name;
        this.value = value;
        this.errors = errors;
        this.silent = silent;
    }

    /** Nothing is there, and nobody is told: what it has below is the same. */
    private static final Field SILENT =
            new Field(null, "", MissingNode.getInstance(), Errors.UNHEARD, true);

    /** The whole object. */
    public static Field root(JsonNode object, Errors errors) {
        return new Field(null, "", object, errors, false);
    }

    // Going down.

    /** A field below, {@code spec.template.spec}. */
    public Field at(String... names) {
        Field found = this;
        for (String name : names) {
            found = found.at(name);
        }
        return found;
    }

    /** The same for one name; most rules are about fields that are not there. */
    public Field at(String field) {
        return silent && value.isMissingNode()
                ? this
                : new Field(this, field, value.path(field), errors, silent);
    }

    /** A value of a map, {@code data[key]}. */
    public Field key(String key) {
        return new Field(this, "[" + key + "]", value.path(key), errors, silent);
    }

    /** An item of a list, {@code containers[0]}. */
    public Field index(int index) {
        return new Field(this, "[" + index + "]", value.path(index), errors, silent);
    }

    /** The items of a list in their order; none when there is no list. */
    public List<Field> items() {
        if (!value.isArray() || value.isEmpty()) {
            return List.of();
        }
        List<Field> items = new ArrayList<>(value.size());
        for (int i = 0; i < value.size(); i++) {
            items.add(index(i));
        }
        return items;
    }

    /** The keys of a map, sorted as Go sorts them when it encodes. */
    public List<String> keys() {
        return value.isEmpty() ? List.of() : value.propertyNames().stream().sorted().toList();
    }

    /** The same place under another name: upstream's paths are not always the field's own. */
    public Field named(String otherPath) {
        return new Field(null, otherPath, value, errors, silent);
    }

    /** The same place with another value, for rules about what a value means. */
    public Field with(JsonNode otherValue) {
        return new Field(parent, name, otherValue, errors, silent);
    }

    /** A place that is looked at without telling. */
    private static Field silent() {
        return SILENT;
    }

    // Reading.

    /** Made when it is asked for: most fields have nothing wrong to tell. */
    public String path() {
        if (parent == null) {
            return name;
        }
        String above = parent.path();
        return above.isEmpty() || name.startsWith("[") ? above + name : above + "." + name;
    }

    /** The key or the index of a place in brackets. */
    public String key() {
        return name.substring(name.lastIndexOf('[') + 1, name.length() - 1);
    }

    public JsonNode value() {
        return value;
    }

    public Errors errors() {
        return errors;
    }

    /** The value as an object; an empty one when it is none. */
    public ObjectNode object() {
        return value instanceof ObjectNode object ? object : Json.object();
    }

    /** The text; empty when there is none. */
    public String text() {
        return value.asString("");
    }

    public boolean is(String text) {
        return text().equals(text);
    }

    public List<String> texts() {
        return Trees.texts(value);
    }

    /** The number; 0 when there is none, as in Go. */
    public long number() {
        return value.asLong(0);
    }

    public boolean flag() {
        return value.asBoolean(false);
    }

    /** Neither missing nor null: a pointer that Go would have set. */
    public boolean isSet() {
        return !value.isMissingNode() && !value.isNull();
    }

    /** Also no empty text, list or map. */
    public boolean isGiven() {
        return isSet()
                && !(value.isString() && value.stringValue().isEmpty())
                && !(value.isContainer() && value.isEmpty());
    }

    public boolean same(Field other) {
        return isSet() ? Json.same(value, other.value) : !other.isSet();
    }

    // Telling what is wrong.

    public void error(Type type, String message) {
        tell(() -> new FieldError(path(), type, message));
    }

    private void tell(Supplier<FieldError> error) {
        if (!silent) {
            errors.add(error.get());
        }
    }

    public void tellRequired(String detail) {
        tell(() -> FieldError.required(path(), detail));
    }

    public void invalid(String detail) {
        tell(() -> FieldError.invalid(path(), shown(), detail));
    }

    /**
     * @param shown the value as upstream shows it: a text is quoted, a number or tree is not
     */
    public void invalid(Object shown, String detail) {
        tell(() -> FieldError.invalid(path(), shown(shown), detail));
    }

    public void forbidden(String detail) {
        tell(() -> FieldError.forbidden(path(), detail));
    }

    public void duplicate() {
        duplicate(value);
    }

    public void duplicate(Object shown) {
        error(Type.DUPLICATE, "Duplicate value: " + shown(shown));
    }

    public void notFound() {
        tell(() -> FieldError.notFound(path(), text()));
    }

    public void tooLong(int bytes) {
        tell(() -> FieldError.tooLong(path(), bytes));
    }

    public void tooMany(int actual, int most) {
        error(Type.TOO_MANY, "Too many: " + actual + ": must have at most " + most + " items");
    }

    public void notSupported(List<String> supported) {
        notSupported(text(), supported);
    }

    public void notSupported(String shown, List<String> supported) {
        tell(() -> FieldError.notSupported(path(), shown, supported));
    }

    /** A value that is no text, shown as it is. */
    public void notSupportedTree(List<String> supported) {
        error(
                Type.NOT_SUPPORTED,
                "Unsupported value: "
                        + shown()
                        + supported.stream()
                                .map(FieldError::quoted)
                                .collect(Collectors.joining(", ", ": supported values: ", "")));
    }

    /** A map, whose keys Go shows sorted. */
    public void notSupportedMap(List<String> supported) {
        if (!isSet()) {
            notSupportedTree(supported);
            return;
        }
        ObjectNode sorted = Json.object();
        keys().stream().sorted().forEach(key -> sorted.set(key, value().path(key)));
        with(sorted).notSupportedTree(supported);
    }

    // Rules.

    /** {@code Required value} when nothing is given; what follows then tells nothing. */
    public Field required() {
        return required("");
    }

    public Field required(String detail) {
        if (isGiven()) {
            return this;
        }
        tellRequired(detail);
        return silent();
    }

    /** What follows tells nothing when nothing is given. */
    public Field ifGiven() {
        return isGiven() ? this : silent();
    }

    /** What follows tells nothing when nothing is set; an empty text is. */
    public Field ifSet() {
        return isSet() ? this : silent();
    }

    /** Each sentence of a rule of {@link io.hypernetes.api.names.Names}. */
    public Field form(Function<String, List<String>> rule) {
        if (silent) {
            return this;
        }
        rule.apply(text()).forEach(sentence -> invalid(text(), sentence));
        return this;
    }

    /** A closed set; a field that is not given is in it only when the empty text is. */
    public Field oneOf(String... supported) {
        return oneOf(List.of(supported));
    }

    public Field oneOf(List<String> supported) {
        if (!silent && !supported.contains(text())) {
            notSupported(supported);
        }
        return this;
    }

    public Field notNegative() {
        return atLeast(0);
    }

    public Field atLeast(long least) {
        if (!silent && number() < least) {
            invalid(number(), "must be greater than or equal to " + least);
        }
        return this;
    }

    public Field positive() {
        if (isSet() && number() <= 0) {
            invalid(number(), "must be greater than 0");
        }
        return this;
    }

    public Field between(long least, long most) {
        if (!silent && (number() < least || number() > most)) {
            invalid(number(), "must be between " + least + " and " + most + ", inclusive");
        }
        return this;
    }

    public Field forbiddenIfSet(String detail) {
        if (isSet()) {
            forbidden(detail);
        }
        return this;
    }

    public Field forbiddenIfGiven(String detail) {
        if (isGiven()) {
            forbidden(detail);
        }
        return this;
    }

    /** Whether it did not change; else that is told. */
    public boolean immutable(Field old) {
        return immutable(old, "field is immutable");
    }

    public boolean immutable(Field old, String detail) {
        if (same(old)) {
            return true;
        }
        // What is missing is shown as the zero value of its type.
        invalid(isSet() ? value : old.value.isString() ? "" : MissingNode.getInstance(), detail);
        return false;
    }

    /** Items whose field is one that came before are duplicates, told at that field. */
    public Field distinct(String name) {
        if (value.size() < 2) {
            return this;
        }
        Set<JsonNode> known = new HashSet<>();
        for (Field item : items()) {
            Field key = item.at(name);
            if (key.isGiven() && !known.add(key.value)) {
                key.duplicate();
            }
        }
        return this;
    }

    /** Items of a list of texts that came before are duplicates. */
    public Field distinctItems() {
        if (value.size() < 2) {
            return this;
        }
        Set<JsonNode> known = new HashSet<>();
        for (Field item : items()) {
            if (!known.add(item.value)) {
                item.duplicate();
            }
        }
        return this;
    }

    private String shown() {
        return shown(value);
    }

    private static String shown(Object value) {
        return switch (value) {
            case String text -> FieldError.quoted(text);
            case JsonNode node when node.isMissingNode() || node.isNull() -> "null";
            case JsonNode node when node.isString() -> FieldError.quoted(node.stringValue());
            case JsonNode node when node.isNumber() -> node.asString();
            case JsonNode node -> FieldError.shown(node);
            case Long number -> JsonNodeFactory.instance.numberNode(number).asString();
            default -> value.toString();
        };
    }

    @Override
    public String toString() {
        return path() + " = " + value;
    }
}
