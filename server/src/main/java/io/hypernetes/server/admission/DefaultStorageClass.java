package io.hypernetes.server.admission;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.server.registry.Extent;
import io.hypernetes.server.registry.ObjectFilter;
import io.hypernetes.server.registry.Reads;
import io.hypernetes.server.registry.Served;

import tools.jackson.databind.node.ObjectNode;

import java.util.Comparator;
import java.util.Optional;

/** A claim that names no storage class gets the default one, the newest if there are several. */
final class DefaultStorageClass implements AdmissionController {
    private static final String MARK = "storageclass.kubernetes.io/is-default-class";

    private final Reads reads;

    DefaultStorageClass(Reads reads) {
        this.reads = reads;
    }

    @Override
    public void mutate(AdmissionRequest request) {
        if (!request.creates(BuiltinTypes.PERSISTENT_VOLUME_CLAIMS)
                || !(request.object().get("spec") instanceof ObjectNode spec)
                || spec.has("storageClassName")) {
            return;
        }
        defaultClass(request).ifPresent(name -> spec.put("storageClassName", name));
    }

    private Optional<String> defaultClass(AdmissionRequest request) {
        Extent classes =
                new Extent(
                        BuiltinTypes.STORAGE_CLASSES,
                        Optional.of(request.call().tenant()),
                        "",
                        ObjectFilter.EVERYTHING);
        return reads.listCurrent(classes).stream()
                .filter(c -> Metadata.annotation(c.tree(), MARK).equals("true"))
                .max(
                        Comparator.comparing((Served c) -> Metadata.creationTimestamp(c.tree()))
                                .thenComparing(c -> c.path().name(), Comparator.reverseOrder()))
                .map(c -> c.path().name());
    }
}
