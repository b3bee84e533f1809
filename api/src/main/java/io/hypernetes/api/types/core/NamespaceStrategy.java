package io.hypernetes.api.types.core;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.Scope;
import io.hypernetes.api.names.Names;
import io.hypernetes.api.types.kind.Errors;
import io.hypernetes.api.types.kind.Field;
import io.hypernetes.api.types.kind.KindStrategy;
import io.hypernetes.api.types.kind.ObjectMetaValidation;
import io.hypernetes.api.types.kind.Trees;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;

/** Namespaces: deleted in two steps, the second by the {@code finalize} subresource. */
public final class NamespaceStrategy extends KindStrategy {

    public NamespaceStrategy() {
        super(Scope.CLUSTER, Names::dnsLabel);
    }

    @Override
    public JsonNode desired(ObjectNode object) {
        return NO_GENERATIONS;
    }

    @Override
    public void applyDefaults(ObjectNode namespace) {
        String name = Metadata.name(namespace);
        if (!name.isEmpty()) {
            Metadata.ensureLabels(namespace).put("kubernetes.io/metadata.name", name);
        }
        Trees.setDefault(Trees.child(namespace, "status"), "phase", "Active");
    }

    /** Upstream names the field as Go does. */
    @Override
    protected void statusRules(Field namespace, Field old) {
        String phase = namespace.at("status", "phase").text();
        Field told = namespace.at("status", "Phase");
        if (Metadata.isBeingDeleted(namespace.object())) {
            if (!phase.equals("Terminating")) {
                told.invalid(
                        phase, "may only be 'Terminating' if `deletionTimestamp` is not empty");
            }
        } else if (!phase.equals("Active")) {
            told.invalid(phase, "may only be 'Active' if `deletionTimestamp` is empty");
        }
    }

    @Override
    public void prepareForCreate(ObjectNode namespace) {
        ObjectNode spec = Trees.child(namespace, "spec");
        if (!Trees.texts(spec.path("finalizers")).contains("kubernetes")) {
            spec.withArray("finalizers").add("kubernetes");
        }
        namespace.putObject("status").put("phase", "Active");
    }

    @Override
    public void prepareForUpdate(ObjectNode namespace, ObjectNode old) {
        super.prepareForUpdate(namespace, old);
        ObjectNode spec = Trees.child(namespace, "spec");
        if (Trees.has(old, "spec", "finalizers")) {
            spec.set("finalizers", old.path("spec").path("finalizers"));
        } else {
            spec.remove("finalizers");
        }
    }

    @Override
    public boolean beginDeletion(ObjectNode namespace) {
        Trees.child(namespace, "status").put("phase", "Terminating");
        return true;
    }

    @Override
    protected void rules(Field object) {
        ObjectNode namespace = object.object();
        Errors errors = object.errors();
        String network = Trees.text(namespace, "spec", "network");
        if (!network.isEmpty()) {
            errors.form("spec.network", network, Names.dnsLabel(network));
        }
        List<String> finalizers = Trees.texts(Trees.at(namespace, "spec", "finalizers"));
        for (String finalizer : finalizers) {
            errors.form("spec.finalizers", finalizer, Names.qualifiedName(finalizer));
            ObjectMetaValidation.finalizer("spec.finalizers", finalizer, errors);
        }
    }

    @Override
    public List<String> selectableFields() {
        return List.of("status.phase");
    }
}
