package io.hypernetes.server.registry;

import io.hypernetes.api.Tenant;
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
        return options;
    }

    /** The same, but nothing is stored. */
    WriteCall dry() {
        return new WriteCall(
                user,
                tenant,
                internal,
                operator,
                true,
                validation,
                guard,
                authorizer,
                warnings,
                audit);
    }
}
