package io.hypernetes.server.admission;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.types.BuiltinTypes;

/**
 * Claims and volumes do not go while they are used: upstream's StorageObjectInUseProtection. The
 * storage protection controller takes the finalizers away.
 */
final class StorageObjectInUse implements AdmissionController {
    private static final String CLAIM = "kubernetes.io/pvc-protection";
    private static final String VOLUME = "kubernetes.io/pv-protection";

    @Override
    public void mutate(AdmissionRequest request) {
        if (request.creates(BuiltinTypes.PERSISTENT_VOLUME_CLAIMS)) {
            protect(request, CLAIM);
        } else if (request.creates(BuiltinTypes.PERSISTENT_VOLUMES)) {
            protect(request, VOLUME);
        }
    }

    private static void protect(AdmissionRequest request, String finalizer) {
        if (!Metadata.finalizers(request.object()).contains(finalizer)) {
            Metadata.ensureFinalizers(request.object()).add(finalizer);
        }
    }
}
