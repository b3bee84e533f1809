package io.hypernetes.server.matching;

import io.hypernetes.api.ResourceType;
import io.hypernetes.api.access.Authorizer.Decision;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.cel.evaluation.Variables;
import io.hypernetes.cel.library.AuthorizationChecks;
import io.hypernetes.cel.type.DeclaredType;
import io.hypernetes.cel.value.JsonValues;
import io.hypernetes.cel.value.Null;
import io.hypernetes.server.admission.AdmissionRequest;
import io.hypernetes.server.registry.Reads;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What expressions see of a request: {@code object}, {@code oldObject}, {@code request}, {@code
 * namespaceObject}, {@code params}, {@code authorizer}. Made per request and policy, computed when
 * asked for.
 */
public final class AdmissionVariables implements Variables {
    private final AdmissionRequest request;
    private final ResourceType seen;
    private final Reads reads;
    private final Optional<ObjectNode> params;
    private final Map<String, Object> known = new HashMap<>();

    public AdmissionVariables(
            AdmissionRequest request, ResourceType seen, Reads reads, Optional<ObjectNode> params) {
        this.request = request;
        this.seen = seen;
        this.reads = reads;
        this.params = params;
    }

    @Override
    public @Nullable Object find(String name) {
        Object value = known.get(name);
        if (value == null) {
            value = compute(name);
            if (value != null) {
                known.put(name, value);
            }
        }
        return value;
    }

    private @Nullable Object compute(String name) {
        return switch (name) {
            case "object" -> RequestObject.hasObject(request) ? tree(request.object()) : Null.NULL;
            case "oldObject" -> request.old().map(AdmissionVariables::tree).orElse(Null.NULL);
            case "request" ->
                    tree(RequestObject.finish(RequestObject.of(request, seen, ""), request));
            case "namespaceObject" -> namespace();
            case "params" -> params.map(AdmissionVariables::tree).orElse(Null.NULL);
            case "authorizer" -> authorizer();
            case "authorizer.requestResource" ->
                    AuthorizationChecks.resource(
                            authorizer(),
                            seen.id().group(),
                            seen.id().resource(),
                            request.subresource(),
                            request.namespace(),
                            request.name());
            default -> null;
        };
    }

    private static Object tree(JsonNode node) {
        return JsonValues.of(node, DeclaredType.DYN);
    }

    private Object namespace() {
        if (request.namespace().isEmpty()) {
            return Null.NULL;
        }
        return reads.find(BuiltinTypes.NAMESPACES, request.call().tenant(), "", request.namespace())
                .map(namespace -> tree(namespace.tree()))
                .orElse(Null.NULL);
    }

    private AuthorizationChecks.Authorizer authorizer() {
        return AuthorizationChecks.of(
                request.call().user(),
                request.call().tenant(),
                asked ->
                        switch (request.call().authorizer().authorize(asked)) {
                            case Decision.Allow(String reason) ->
                                    new AuthorizationChecks.Answer(true, reason);
                            case Decision.Deny(String reason) ->
                                    new AuthorizationChecks.Answer(false, reason);
                            case Decision.NoOpinion(String reason) ->
                                    new AuthorizationChecks.Answer(false, reason);
                        });
    }
}
