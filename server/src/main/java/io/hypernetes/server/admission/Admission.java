package io.hypernetes.server.admission;

import io.hypernetes.server.registry.Reads;
import io.hypernetes.store.Compare;

import java.util.ArrayList;
import java.util.List;

/** All admission controllers, in their order. */
public final class Admission {
    private final List<AdmissionController> controllers;

    public Admission(Reads reads) {
        controllers =
                List.of(
                        new NamespaceLifecycle(reads),
                        new CreatorStamp(),
                        new ServiceAccountDefault(reads),
                        new DefaultStorageClass(reads),
                        new PodIsolationAdmission(),
                        new SharedTypeGuard(),
                        new GrantGuard(),
                        new SystemTenantGuard());
    }

    public void mutate(AdmissionRequest request) {
        for (AdmissionController controller : controllers) {
            controller.mutate(request);
        }
    }

    /** What must still be true when the write is stored. */
    public List<Compare> validate(AdmissionRequest request) {
        List<Compare> conditions = new ArrayList<>();
        for (AdmissionController controller : controllers) {
            conditions.addAll(controller.validate(request));
        }
        return conditions;
    }
}
