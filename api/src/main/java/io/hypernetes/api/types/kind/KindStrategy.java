package io.hypernetes.api.types.kind;

import io.hypernetes.api.FieldError;
import io.hypernetes.api.Scope;
import io.hypernetes.api.Strategy;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.names.Names;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.function.Function;

/** A kind with the common rules for metadata; a kind with rules of its own extends it. */
public class KindStrategy implements Strategy {

    /** What {@link #desired} answers for kinds whose objects have no generation. */
    protected static final JsonNode NO_GENERATIONS = MissingNode.getInstance();

    private final Scope scope;
    private final Function<String, List<String>> nameRule;

    public KindStrategy(Scope scope, Function<String, List<String>> nameRule) {
        this.scope = scope;
        this.nameRule = nameRule;
    }

    public static KindStrategy namespaced() {
        return new KindStrategy(Scope.NAMESPACED, Names::dnsSubdomain);
    }

    public static KindStrategy cluster() {
        return new KindStrategy(Scope.CLUSTER, Names::dnsSubdomain);
    }

    @Override
    public final List<FieldError> validate(ObjectNode object) {
        Errors errors = new Errors();
        errors.addAll(metadata(object, scope == Scope.NAMESPACED, nameRule));
        rules(Field.root(object, errors));
        return errors.all();
    }

    @Override
    public final List<FieldError> validate(ObjectNode object, ObjectNode old) {
        Errors errors = new Errors();
        errors.addAll(metadata(object, scope == Scope.NAMESPACED, nameRule));
        rules(Field.root(object, errors), Field.root(old, errors));
        return errors.all();
    }

    @Override
    public final List<FieldError> validateUpdate(ObjectNode object, ObjectNode old) {
        Errors errors = new Errors();
        errors.addAll(ObjectMetaValidation.validateUpdate(object, old));
        updateRules(Field.root(object, errors), Field.root(old, errors));
        return errors.all();
    }

    @Override
    public final List<FieldError> validateStatusUpdate(ObjectNode object, ObjectNode old) {
        Errors errors = new Errors();
        errors.addAll(ObjectMetaValidation.validateUpdate(object, old));
        statusRules(Field.root(object, errors), Field.root(old, errors));
        return errors.all();
    }

    @Override
    public final List<FieldError> validateCreate(ObjectNode object) {
        Errors errors = new Errors();
        createRules(Field.root(object, errors));
        return errors.all();
    }

    /** What is desired, of a kind whose objects count their generations even if that is nothing. */
    protected static JsonNode counted(JsonNode desired) {
        return desired.isMissingNode() ? Json.object() : desired;
    }

    /** The rules for the metadata. */
    protected List<FieldError> metadata(
            ObjectNode object, boolean namespaced, Function<String, List<String>> nameRule) {
        return anyFinalizers()
                ? ObjectMetaValidation.validateAny(object, namespaced, nameRule)
                : ObjectMetaValidation.validate(object, namespaced, nameRule);
    }

    /**
     * Whether a finalizer may be one that says nothing of whose it is: upstream does not ask it of
     * all kinds.
     */
    protected boolean anyFinalizers() {
        return false;
    }

    /** The kind's rules beyond the schema and the metadata. */
    protected void rules(Field object) {}

    /** The same for an object in an update; a kind may leave out what did not change. */
    protected void rules(Field object, Field old) {
        rules(object);
    }

    /** What holds for new objects alone: those that are there already may be older than it. */
    protected void createRules(Field object) {}

    /** What an update of this kind may not change, beyond the metadata. */
    protected void updateRules(Field object, Field old) {}

    /** What an update of the status must be like; the rest of the object is the old one's. */
    protected void statusRules(Field object, Field old) {}
}
