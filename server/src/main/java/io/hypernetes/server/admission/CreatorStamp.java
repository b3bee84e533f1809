package io.hypernetes.server.admission;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.server.admission.AdmissionRequest.Operation;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.Optional;

/**
 * Writes down who made a namespace, because its creator gets all rights in it. Never believed from
 * the client and never changed afterwards, by nobody.
 */
final class CreatorStamp implements AdmissionController {
    private static final String CREATOR = "hypernetes.io/creator";

    @Override
    public void mutate(AdmissionRequest request) {
        if (!request.isFor(BuiltinTypes.NAMESPACES)) {
            return;
        }
        Optional<String> creator =
                request.operation() == Operation.CREATE
                        ? creatorOf(request)
                        : request.old()
                                .map(old -> Metadata.annotation(old, CREATOR))
                                .filter(name -> !name.isEmpty());
        if (creator.isPresent()) {
            Metadata.ensureAnnotations(request.object()).put(CREATOR, creator.get());
        } else {
            JsonNode annotations = request.object().path("metadata").path("annotations");
            if (annotations instanceof ObjectNode present) {
                present.remove(CREATOR);
            }
        }
    }

    /** The program's own components make namespaces for nobody. */
    private static Optional<String> creatorOf(AdmissionRequest request) {
        return request.call().internal()
                ? Optional.empty()
                : Optional.of(request.call().user().name());
    }
}
