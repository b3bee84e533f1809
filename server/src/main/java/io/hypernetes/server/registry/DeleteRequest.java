package io.hypernetes.server.registry;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.FieldError;
import io.hypernetes.api.GroupVersionKind;
import io.hypernetes.api.client.DeleteOptions;
import io.hypernetes.api.client.Propagation;
import io.hypernetes.api.schema.BuiltinSchema;
import io.hypernetes.api.schema.SchemaValidator;
import io.hypernetes.server.http.Query;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/**
 * How something is deleted.
 *
 * @param propagation empty for the default of the type and the object
 * @param cascadeAsked whether the old {@code orphanDependents: false} was said in so many words
 * @param uid precondition, empty for any
 * @param resourceVersion precondition, empty for any
 * @param dryRun whether the options ask for it
 */
public record DeleteRequest(
        OptionalLong gracePeriodSeconds,
        Optional<Propagation> propagation,
        boolean cascadeAsked,
        String uid,
        String resourceVersion,
        boolean dryRun) {
    public static final DeleteRequest DEFAULT = of(DeleteOptions.DEFAULT);

    private static final BuiltinSchema SCHEMA =
            new BuiltinSchema("io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions");

    private static final GroupVersionKind KIND =
            new GroupVersionKind("meta.k8s.io", "v1", "DeleteOptions");

    public static DeleteRequest of(DeleteOptions options) {
        return new DeleteRequest(
                options.gracePeriodSeconds(),
                options.propagation(),
                false,
                options.uid(),
                options.resourceVersion(),
                false);
    }

    /** The same, while the object is at this version only. */
    public DeleteRequest at(String version) {
        return new DeleteRequest(
                gracePeriodSeconds, propagation, cascadeAsked, uid, version, dryRun);
    }

    /**
     * From a request's {@code DeleteOptions}; a request without a body says them in its query.
     *
     * @param options empty when there was no body. Throws Invalid.
     */
    public static DeleteRequest of(Optional<ObjectNode> options, Query query) {
        return options.map(DeleteRequest::of).orElseGet(() -> of(query));
    }

    private static DeleteRequest of(ObjectNode options) {
        SCHEMA.dropNulls(options);
        Optional<String> wrong = SchemaValidator.optionsError(SCHEMA.struct(), options);
        if (wrong.isPresent()) {
            throw ApiException.badRequest(wrong.get());
        }
        JsonNode grace = options.path("gracePeriodSeconds");
        JsonNode orphan = options.path("orphanDependents");
        List<String> dryRun = new ArrayList<>();
        options.path("dryRun").forEach(value -> dryRun.add(value.asString("")));
        JsonNode preconditions = options.path("preconditions");
        return checked(
                grace.isIntegralNumber()
                        ? OptionalLong.of(grace.longValue())
                        : OptionalLong.empty(),
                options.path("propagationPolicy").asString(""),
                orphan.isBoolean() ? Optional.of(orphan.booleanValue()) : Optional.empty(),
                dryRun,
                preconditions.path("uid").asString(""),
                preconditions.path("resourceVersion").asString(""));
    }

    private static DeleteRequest of(Query query) {
        return checked(
                query.number("gracePeriodSeconds"),
                query.get("propagationPolicy"),
                query.has("orphanDependents")
                        ? Optional.of(query.flag("orphanDependents"))
                        : Optional.empty(),
                query.all("dryRun"),
                "",
                "");
    }

    private static DeleteRequest checked(
            OptionalLong grace,
            String policy,
            Optional<Boolean> orphan,
            List<String> dryRun,
            String uid,
            String resourceVersion) {
        List<FieldError> errors = new ArrayList<>();
        if (!policy.isEmpty() && orphan.isPresent()) {
            errors.add(
                    FieldError.invalid(
                            "propagationPolicy",
                            '"' + policy + '"',
                            "orphanDependents and deletionPropagation cannot be both set"));
        }
        Optional<Propagation> propagation = Propagation.of(policy);
        if (!policy.isEmpty() && propagation.isEmpty()) {
            errors.add(
                    FieldError.notSupported(
                            "propagationPolicy",
                            policy,
                            List.of("Foreground", "Background", "Orphan", "nil")));
        }
        if (dryRun.stream().anyMatch(value -> !value.equals("All"))) {
            String shown =
                    dryRun.stream()
                            .map(FieldError::quoted)
                            .collect(Collectors.joining(",", "[", "]"));
            errors.add(
                    new FieldError(
                            "dryRun",
                            FieldError.Type.NOT_SUPPORTED,
                            "Unsupported value: " + shown + ": supported values: \"All\""));
        }
        if (!errors.isEmpty()) {
            throw ApiException.invalid(KIND, "", errors);
        }
        if (orphan.isPresent()) {
            propagation = Optional.of(orphan.get() ? Propagation.ORPHAN : Propagation.BACKGROUND);
        }
        // A negative period means one second, as upstream has it since 1.20.
        OptionalLong seconds =
                grace.isPresent() && grace.getAsLong() < 0 ? OptionalLong.of(1) : grace;
        return new DeleteRequest(
                seconds,
                propagation,
                orphan.isPresent() && !orphan.get(),
                uid,
                resourceVersion,
                !dryRun.isEmpty());
    }

    /** As admission sees it. */
    ObjectNode options(WriteCall call) {
        ObjectNode options = call.options("DeleteOptions");
        gracePeriodSeconds.ifPresent(seconds -> options.put("gracePeriodSeconds", seconds));
        if (!uid.isEmpty()) {
            options.withObjectProperty("preconditions").put("uid", uid);
        }
        propagation.ifPresent(policy -> options.put("propagationPolicy", policy.text()));
        if (!resourceVersion.isEmpty()) {
            options.withObjectProperty("preconditions").put("resourceVersion", resourceVersion);
        }
        return options;
    }
}
