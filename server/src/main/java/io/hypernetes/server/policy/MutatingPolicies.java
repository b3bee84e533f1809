package io.hypernetes.server.policy;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.Metadata;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.Status;
import io.hypernetes.api.Status.Cause;
import io.hypernetes.api.Status.Details;
import io.hypernetes.api.Status.Reason;
import io.hypernetes.api.apply.Merge;
import io.hypernetes.api.patch.JsonPatch;
import io.hypernetes.api.types.ExtensionTypes;
import io.hypernetes.api.types.WorldTypes;
import io.hypernetes.cel.evaluation.Result;
import io.hypernetes.cel.value.EvaluationException;
import io.hypernetes.cel.value.JsonConversion;
import io.hypernetes.server.admission.AdmissionController;
import io.hypernetes.server.admission.AdmissionRequest;
import io.hypernetes.server.admission.AdmissionRequest.Operation;
import io.hypernetes.server.admission.Passes;
import io.hypernetes.server.matching.AdmissionVariables;
import io.hypernetes.server.matching.CompiledObjects;
import io.hypernetes.server.matching.Conditions;
import io.hypernetes.server.matching.RequestMatcher;
import io.hypernetes.server.policy.MutatingPolicy.Mutation;
import io.hypernetes.server.registry.Reads;
import io.hypernetes.server.webhook.MutatingWebhooks;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** MutatingAdmissionPolicies and their bindings. */
public final class MutatingPolicies implements AdmissionController {
    private final WorldTypes types;
    private final Reads reads;
    private final Parameters parameters;
    private final CompiledObjects<MutatingPolicy> policies;
    private final CompiledObjects<Binding> bindings;

    public MutatingPolicies(WorldTypes types, Reads reads) {
        this.types = types;
        this.reads = reads;
        this.parameters = new Parameters(types, reads);
        this.policies =
                new CompiledObjects<>(
                        ExtensionTypes.MUTATING_ADMISSION_POLICIES, reads, MutatingPolicy::of);
        this.bindings =
                new CompiledObjects<>(
                        ExtensionTypes.MUTATING_ADMISSION_POLICY_BINDINGS, reads, Binding::of);
    }

    @Override
    public void mutate(AdmissionRequest request) {
        List<Binding> bound = bindings.of(request.call().tenant());
        if (bound.isEmpty()
                || RequestMatcher.isExempt(request)
                || request.operation() == Operation.DELETE) {
            return;
        }
        Passes.Callers callers = request.passes().policies();
        if (request.passes().isSecond()) {
            callers.checkChanged(request.object());
        }
        List<String> errors = new ArrayList<>();
        for (Binding binding : bound) {
            policies.find(request.call().tenant(), binding.policy())
                    .ifPresent(policy -> apply(policy, binding, request, errors));
        }
        callers.remember(request.object());
        if (!errors.isEmpty()) {
            throw refusal(request, errors);
        }
    }

    private void apply(
            MutatingPolicy mutating,
            Binding binding,
            AdmissionRequest request,
            List<String> errors) {
        Policy policy = mutating.policy();
        Optional<ResourceType> seen = policy.matcher().match(request, types, reads);
        if (seen.isEmpty() || !binding.matcher().covers(request, types, reads)) {
            return;
        }
        try {
            for (Optional<ObjectNode> parameter : parameters.of(policy, binding, request)) {
                invoke(mutating, binding, request, seen.get(), parameter);
            }
        } catch (ConfigurationException e) {
            if (!policy.ignoresFailures()) {
                errors.add(
                        "policy '"
                                + policy.name()
                                + "' with binding '"
                                + binding.name()
                                + "' denied request: "
                                + e.text());
            }
        }
    }

    private void invoke(
            MutatingPolicy mutating,
            Binding binding,
            AdmissionRequest request,
            ResourceType seen,
            Optional<ObjectNode> parameter)
            throws ConfigurationException {
        Policy policy = mutating.policy();
        if (!policy.error().isEmpty()) {
            throw new ConfigurationException(policy.error());
        }
        switch (policy.conditions()
                .evaluate(
                        new Evaluation(
                                policy, new AdmissionVariables(request, seen, reads, parameter)))) {
            case Conditions.Outcome.Match _ -> {}
            case Conditions.Outcome.NoMatch _ -> {
                return;
            }
            case Conditions.Outcome.Error(String message) ->
                    throw new ConfigurationException(message);
        }
        Passes.Callers callers = request.passes().policies();
        String id =
                policy.name()
                        + "/"
                        + binding.name()
                        + "/"
                        + parameter.map(Metadata::name).orElse("");
        if (request.passes().isSecond() && !callers.mayCallAgain(id)) {
            return;
        }
        boolean changed = false;
        for (Mutation mutation : mutating.mutations()) {
            // Each sees what the one before has made.
            Evaluation evaluation =
                    new Evaluation(policy, new AdmissionVariables(request, seen, reads, parameter));
            changed |= mutate(mutation, evaluation, request, seen);
        }
        if (changed) {
            callers.changed();
            request.passes().askForSecond();
        }
        if (mutating.reinvoked()) {
            callers.called(id);
        }
    }

    private static boolean mutate(
            Mutation mutation, Evaluation evaluation, AdmissionRequest request, ResourceType seen)
            throws ConfigurationException {
        if (mutation.expression().isEmpty()) {
            throw new ConfigurationException(mutation.error());
        }
        JsonNode made;
        switch (evaluation.evaluate(mutation.expression().get())) {
            case Result.Value(Object value, _) -> {
                try {
                    made = JsonConversion.of(value);
                } catch (EvaluationException e) {
                    throw new ConfigurationException(e.text());
                }
            }
            case Result.Failure(String message, _, _) ->
                    throw new ConfigurationException(
                            "expression '"
                                    + mutation.expression().get().text()
                                    + "' resulted in error: "
                                    + message);
        }
        try {
            return mutation.patch()
                    ? MutatingWebhooks.Mutation.apply(
                            request, seen, object -> JsonPatch.apply(made, object))
                    : merge(made, request, seen);
        } catch (ApiException e) {
            throw new ConfigurationException(
                    (mutation.patch() ? "JSON Patch: " : "error applying patch: ")
                            + e.status().message());
        }
    }

    private static boolean merge(JsonNode made, AdmissionRequest request, ResourceType seen)
            throws ConfigurationException {
        if (!(made instanceof ObjectNode config)) {
            throw new ConfigurationException("an ApplyConfiguration must be an Object{…}");
        }
        List<String> atomic = AtomicFields.of(seen.schema().struct(), config);
        if (!atomic.isEmpty()) {
            throw new ConfigurationException(
                    "error applying patch: invalid ApplyConfiguration: may not mutate atomic"
                            + " arrays, maps or structs: "
                            + String.join(", ", atomic));
        }
        return MutatingWebhooks.Mutation.apply(
                request,
                seen,
                object -> (ObjectNode) Merge.of(seen.schema().struct(), object, config));
    }

    private static ApiException refusal(AdmissionRequest request, List<String> errors) {
        ResourceType type = request.type();
        return new ApiException(
                new Status(
                        Reason.INVALID.code(),
                        Reason.INVALID,
                        errors.getFirst(),
                        Optional.of(
                                new Details(
                                        request.name(),
                                        type.id().group(),
                                        type.id().resource(),
                                        "",
                                        errors.stream()
                                                .map(error -> new Cause("", error, ""))
                                                .toList(),
                                        0))));
    }
}
