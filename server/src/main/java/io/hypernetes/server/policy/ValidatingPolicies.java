package io.hypernetes.server.policy;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.Status;
import io.hypernetes.api.Status.Cause;
import io.hypernetes.api.Status.Details;
import io.hypernetes.api.Status.Reason;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.types.ExtensionTypes;
import io.hypernetes.api.types.WorldTypes;
import io.hypernetes.cel.Limits;
import io.hypernetes.cel.evaluation.Result;
import io.hypernetes.server.admission.AdmissionController;
import io.hypernetes.server.admission.AdmissionRequest;
import io.hypernetes.server.matching.AdmissionVariables;
import io.hypernetes.server.matching.CompiledObjects;
import io.hypernetes.server.matching.Conditions;
import io.hypernetes.server.matching.RequestMatcher;
import io.hypernetes.server.policy.ValidatingPolicy.Validation;
import io.hypernetes.server.registry.Reads;
import io.hypernetes.store.Compare;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** ValidatingAdmissionPolicies and their bindings. */
public final class ValidatingPolicies implements AdmissionController {
    private static final String FAILURES = "validation.policy.admission.k8s.io/validation_failure";
    private static final int MOST_AUDITED = 50;

    private final WorldTypes types;
    private final Reads reads;
    private final Parameters parameters;
    private final CompiledObjects<ValidatingPolicy> policies;
    private final CompiledObjects<Binding> bindings;

    public ValidatingPolicies(WorldTypes types, Reads reads) {
        this.types = types;
        this.reads = reads;
        this.parameters = new Parameters(types, reads);
        this.policies =
                new CompiledObjects<>(
                        ExtensionTypes.VALIDATING_ADMISSION_POLICIES, reads, ValidatingPolicy::of);
        this.bindings =
                new CompiledObjects<>(
                        ExtensionTypes.VALIDATING_ADMISSION_POLICY_BINDINGS, reads, Binding::of);
    }

    /** What a policy has against a request. */
    private record Denial(String message, String reason) {}

    @Override
    public List<Compare> validate(AdmissionRequest request) {
        List<Binding> bound = bindings.of(request.call().tenant());
        if (bound.isEmpty() || RequestMatcher.isExempt(request)) {
            return List.of();
        }
        List<Denial> denials = new ArrayList<>();
        ArrayNode audited = Json.object().putArray("failures");
        for (Binding binding : bound) {
            Optional<ValidatingPolicy> policy =
                    policies.find(request.call().tenant(), binding.policy());
            if (policy.isPresent()) {
                check(policy.get(), binding, request, denials, audited);
            }
        }
        if (!audited.isEmpty()) {
            request.call().audit().accept(FAILURES, Json.text(audited));
        }
        if (!denials.isEmpty()) {
            throw refusal(request, denials.getFirst());
        }
        return List.of();
    }

    private void check(
            ValidatingPolicy validating,
            Binding binding,
            AdmissionRequest request,
            List<Denial> denials,
            ArrayNode audited) {
        Policy policy = validating.policy();
        Optional<ResourceType> seen = policy.matcher().match(request, types, reads);
        if (seen.isEmpty() || !binding.matcher().covers(request, types, reads)) {
            return;
        }
        String by =
                "ValidatingAdmissionPolicy '"
                        + policy.name()
                        + "' with binding '"
                        + binding.name()
                        + "'";
        try {
            for (Optional<ObjectNode> parameter : parameters.of(policy, binding, request)) {
                Evaluation evaluation =
                        new Evaluation(
                                policy,
                                new AdmissionVariables(request, seen.get(), reads, parameter));
                List<Denial> found = evaluate(validating, evaluation);
                for (int i = 0; i < found.size(); i++) {
                    act(found.get(i), i, by, policy, binding, request, denials, audited);
                }
                annotate(validating, evaluation, by, request, denials);
            }
        } catch (ConfigurationException e) {
            if (!policy.ignoresFailures()) {
                denials.add(
                        new Denial(
                                by + " denied request: failed to configure binding: " + e.text(),
                                ""));
            }
        }
    }

    private static void act(
            Denial denial,
            int index,
            String by,
            Policy policy,
            Binding binding,
            AdmissionRequest request,
            List<Denial> denials,
            ArrayNode audited) {
        for (String action : binding.actions()) {
            switch (action) {
                case "Deny" ->
                        denials.add(
                                new Denial(
                                        by + " denied request: " + denial.message(),
                                        denial.reason()));
                case "Warn" ->
                        request.call()
                                .warnings()
                                .accept("Validation failed for " + by + ": " + denial.message());
                case "Audit" -> {
                    if (audited.size() < MOST_AUDITED) {
                        ObjectNode failure = audited.addObject();
                        failure.put("message", denial.message())
                                .put("policy", policy.name())
                                .put("binding", binding.name())
                                .put("expressionIndex", index);
                        binding.actions().forEach(failure.putArray("validationActions")::add);
                    }
                }
                default -> {}
            }
        }
    }

    private static List<Denial> evaluate(ValidatingPolicy validating, Evaluation evaluation) {
        Policy policy = validating.policy();
        List<Denial> denials = new ArrayList<>();
        if (!policy.error().isEmpty()) {
            return errors(policy, policy.error());
        }
        switch (policy.conditions().evaluate(evaluation)) {
            case Conditions.Outcome.Match _ -> {}
            case Conditions.Outcome.NoMatch _ -> {
                return denials;
            }
            case Conditions.Outcome.Error(String message) -> {
                return errors(policy, message);
            }
        }
        for (Validation validation : validating.validations()) {
            if (validation.expression().isEmpty()) {
                denials.addAll(errors(policy, validation.error()));
                continue;
            }
            switch (evaluation.evaluate(validation.expression().get())) {
                case Result.Value(Object value, _) -> {
                    if (!Boolean.TRUE.equals(value)) {
                        denials.add(
                                new Denial(message(validation, evaluation), validation.reason()));
                    }
                }
                case Result.Failure(String message, _, _) ->
                        denials.addAll(
                                errors(
                                        policy,
                                        "expression '"
                                                + validation.text()
                                                + "' resulted in error: "
                                                + message));
            }
        }
        return denials;
    }

    private static List<Denial> errors(Policy policy, String message) {
        return policy.ignoresFailures() ? List.of() : List.of(new Denial(message, ""));
    }

    private static String message(Validation validation, Evaluation evaluation) {
        if (validation.message().isPresent()
                && evaluation.evaluate(validation.message().get())
                        instanceof Result.Value(Object value, _)
                && value instanceof String text
                && isUsable(text)) {
            return text.strip();
        }
        return validation.plainMessage().isBlank()
                ? "failed expression: " + validation.text().strip()
                : validation.plainMessage().strip();
    }

    private static boolean isUsable(String text) {
        String message = text.strip();
        return !message.isEmpty()
                && !message.contains("\n")
                && message.getBytes(StandardCharsets.UTF_8).length <= Limits.MESSAGE_BYTES;
    }

    private static void annotate(
            ValidatingPolicy validating,
            Evaluation evaluation,
            String by,
            AdmissionRequest request,
            List<Denial> denials) {
        for (ValidatingPolicy.Annotation annotation : validating.annotations()) {
            Result result =
                    annotation
                            .value()
                            .map(evaluation::evaluate)
                            .orElseGet(() -> new Result.Failure(annotation.error(), false, 0));
            switch (result) {
                case Result.Value(Object value, _)
                        when value instanceof String text && !text.isBlank() ->
                        request.call()
                                .audit()
                                .accept(
                                        validating.policy().name() + "/" + annotation.key(),
                                        text.strip());
                // Null, or nothing to say.
                case Result.Value _ -> {}
                case Result.Failure(String message, _, _) -> {
                    if (!validating.policy().ignoresFailures()) {
                        denials.add(new Denial(by + " denied request: " + message, ""));
                    }
                }
            }
        }
    }

    private static ApiException refusal(AdmissionRequest request, Denial denial) {
        Reason reason = denial.reason().isEmpty() ? Reason.INVALID : Reason.of(denial.reason());
        ResourceType type = request.type();
        String about = request.name().isEmpty() ? "" : " \"" + request.name() + "\"";
        return new ApiException(
                new Status(
                        reason.code(),
                        reason,
                        type.id() + about + " is forbidden: " + denial.message(),
                        Optional.of(
                                new Details(
                                        request.name(),
                                        type.id().group(),
                                        type.id().resource(),
                                        "",
                                        List.of(new Cause("", denial.message(), "")),
                                        0))));
    }
}
