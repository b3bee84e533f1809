package io.hypernetes.server.policy;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.FieldError;
import io.hypernetes.api.types.ExtensionTypes;
import io.hypernetes.cel.CompilationException;
import io.hypernetes.cel.Environment;
import io.hypernetes.cel.Expression;
import io.hypernetes.server.admission.AdmissionController;
import io.hypernetes.server.admission.AdmissionRequest;
import io.hypernetes.server.matching.Environments;
import io.hypernetes.store.Compare;

import tools.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The variables, validations, annotations and mutations of policies must compile when they are
 * written. What an older release let in stays: an update is asked for the expressions that are new.
 */
public final class PolicyExpressions implements AdmissionController {
    private static final String EXPRESSION = "expression";

    @Override
    public List<Compare> validate(AdmissionRequest request) {
        boolean policy =
                request.isFor(ExtensionTypes.VALIDATING_ADMISSION_POLICIES)
                        || request.isFor(ExtensionTypes.MUTATING_ADMISSION_POLICIES);
        if (!policy || !request.writes() || !request.subresource().isEmpty()) {
            return List.of();
        }
        Set<String> known = new HashSet<>();
        request.old().ifPresent(old -> collect(old.path("spec"), known));
        List<FieldError> errors = new Check(known).of(request.object().path("spec"));
        if (!errors.isEmpty()) {
            throw ApiException.invalid(
                    request.type().groupVersionKind(), request.name(), List.copyOf(errors));
        }
        return List.of();
    }

    /** All texts: whether one of them is an expression does not matter here. */
    private static void collect(JsonNode node, Set<String> texts) {
        if (node.isString()) {
            texts.add(node.asString());
        }
        node.forEach(below -> collect(below, texts));
    }

    /** How an expression is compiled: one that constructs objects in a way of its own. */
    private interface Compiling {
        Expression compile(Environment environment, String text) throws CompilationException;
    }

    private static final class Check {
        private final Set<String> known;
        private final List<FieldError> errors = new ArrayList<>();

        Check(Set<String> known) {
            this.known = known;
        }

        List<FieldError> of(JsonNode spec) {
            Environment environment = variables(spec);
            Environment ofMessages = Environments.withoutAuthorizer(environment);
            JsonNode validations = spec.path("validations");
            for (int i = 0; i < validations.size(); i++) {
                JsonNode validation = validations.get(i);
                String path = "spec.validations[" + i + "].";
                one(environment, validation, path, EXPRESSION, List.of("bool"));
                one(ofMessages, validation, path, "messageExpression", List.of("string"));
            }
            JsonNode annotations = spec.path("auditAnnotations");
            for (int i = 0; i < annotations.size(); i++) {
                String path = "spec.auditAnnotations[" + i + "].";
                List<String> wanted = List.of("string", "null_type");
                one(environment, annotations.get(i), path, "valueExpression", wanted);
            }
            mutations(environment, spec.path("mutations"));
            return errors;
        }

        /** Each sees those before it. */
        private Environment variables(JsonNode spec) {
            Environment environment = Environments.request(spec.path("paramKind").isObject());
            JsonNode variables = spec.path("variables");
            for (int i = 0; i < variables.size(); i++) {
                String path = "spec.variables[" + i + "].";
                Optional<Expression> compiled =
                        one(environment, variables.get(i), path, EXPRESSION, List.of());
                if (compiled.isPresent()) {
                    String name = "variables." + variables.get(i).path("name").asString("");
                    environment = environment.withResult(name, compiled.get());
                }
            }
            return environment;
        }

        private void mutations(Environment environment, JsonNode mutations) {
            for (int i = 0; i < mutations.size(); i++) {
                String path = "spec.mutations[" + i + "].";
                mutation(environment, mutations.get(i), path, "applyConfiguration", "Object");
                mutation(environment, mutations.get(i), path, "jsonPatch", "list(JSONPatch)");
            }
        }

        private void mutation(
                Environment environment, JsonNode owner, String path, String part, String wanted) {
            String text = owner.path(part).path(EXPRESSION).asString("");
            String at = path + part + "." + EXPRESSION;
            compile(environment, text, at, Environment::compileMutation)
                    .ifPresent(compiled -> demand(compiled, at, List.of(wanted)));
        }

        /**
         * @param wanted types of the result; any when there are none
         */
        private Optional<Expression> one(
                Environment environment,
                JsonNode owner,
                String path,
                String field,
                List<String> wanted) {
            String text = owner.path(field).asString("");
            Optional<Expression> compiled =
                    compile(environment, text, path + field, Environment::compile);
            compiled.ifPresent(expression -> demand(expression, path + field, wanted));
            return compiled;
        }

        /** What may be of any type is not enough. */
        private void demand(Expression compiled, String path, List<String> wanted) {
            String type = compiled.typeName();
            if (wanted.isEmpty() || wanted.contains(type) || known.contains(compiled.text())) {
                return;
            }
            String types =
                    wanted.size() == 1
                            ? wanted.getFirst()
                            : "one of [" + String.join(" ", wanted) + "]";
            errors.add(
                    FieldError.invalidText(
                            path,
                            compiled.text(),
                            "must evaluate to " + types + " but got " + type));
        }

        /** Nothing for what is not there; that it is missing is told by the kind's rules. */
        private Optional<Expression> compile(
                Environment environment, String text, String path, Compiling compiling) {
            if (text.isBlank()) {
                return Optional.empty();
            }
            try {
                return Optional.of(compiling.compile(environment, text));
            } catch (CompilationException e) {
                if (!known.contains(text)) {
                    errors.add(
                            FieldError.invalidText(path, text, "compilation failed: " + e.text()));
                }
                return Optional.empty();
            }
        }
    }
}
