package io.hypernetes.server.registry;

import io.hypernetes.api.ResourceType;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.access.Attributes;
import io.hypernetes.api.access.Authorizer;
import io.hypernetes.api.access.EscalationGuard;
import io.hypernetes.api.access.UserInfo;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.schema.FieldValidation;

import tools.jackson.databind.node.ObjectNode;

import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Who writes, in whose world, and how.
 *
 * @param internal one of the program's own components, through the in-process client
 * @param operator one who runs the installation, in whichever world
 * @param dryRun everything but the store's transaction
 * @param fieldManager who owns the fields that are set, as {@code managedFields} names it
 * @param guard asked before a role or binding is written
 * @param authorizer for admission that asks what the user may do beyond the write itself
 * @param warnings gets sentences for the answer's Warning headers
 * @param audit gets keys and values for the annotations of the request's audit event
 */
public record WriteCall(
        UserInfo user,
        Tenant tenant,
        boolean internal,
        boolean operator,
        boolean dryRun,
        FieldValidation validation,
        String fieldManager,
        EscalationGuard guard,
        Authorizer authorizer,
        Consumer<String> warnings,
        BiConsumer<String, String> audit) {

    /**
     * @param kind {@code CreateOptions}, {@code UpdateOptions}, …
     */
    public ObjectNode options(String kind) {
        ObjectNode options = Json.object();
        options.put("kind", kind).put("apiVersion", "meta.k8s.io/v1");
        if (dryRun) {
            options.putArray("dryRun").add("All");
        }
        if (!fieldManager.isEmpty() && !kind.equals("DeleteOptions")) {
            options.put("fieldManager", fieldManager);
        }
        return options;
    }

    /** Throws Forbidden: who may change an object may not yet make one. */
    void requireCreate(ResourceType type, String namespace, String name) {
        Attributes create =
                new Attributes(
                        user,
                        tenant,
                        "create",
                        type.id().group(),
                        type.version(),
                        type.id().resource(),
                        "",
                        namespace,
                        name,
                        "");
        switch (authorizer.authorize(create)) {
            case Authorizer.Decision.Allow _ -> {}
            case Authorizer.Decision.Deny(String reason) -> throw create.forbidden(reason);
            case Authorizer.Decision.NoOpinion _ -> throw create.forbidden("");
        }
    }

    /** The same for several threads: what they tell comes one at a time. */
    public WriteCall synchronizedTelling() {
        Object lock = new Object();
        return with(
                dryRun,
                warning -> {
                    synchronized (lock) {
                        warnings.accept(warning);
                    }
                },
                (key, value) -> {
                    synchronized (lock) {
                        audit.accept(key, value);
                    }
                });
    }

    /** The same, for what has been told of already. */
    WriteCall quiet() {
        return with(dryRun, _ -> {}, audit);
    }

    /** The same, but nothing is stored. */
    public WriteCall dry() {
        return with(true, warnings, audit);
    }

    private WriteCall with(
            boolean dry, Consumer<String> warned, BiConsumer<String, String> audited) {
        return new WriteCall(
                user,
                tenant,
                internal,
                operator,
                dry,
                validation,
                fieldManager,
                guard,
                authorizer,
                warned,
                audited);
    }
}
