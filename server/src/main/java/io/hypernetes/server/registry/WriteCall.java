package io.hypernetes.server.registry;

import io.hypernetes.api.Tenant;
import io.hypernetes.api.access.EscalationGuard;
import io.hypernetes.api.access.UserInfo;
import io.hypernetes.api.schema.FieldValidation;

import java.util.function.Consumer;

/**
 * Who writes, in whose world, and how.
 *
 * @param internal one of the program's own components, through the in-process client
 * @param operator one who runs the installation, in whichever world
 * @param dryRun everything but the store's transaction
 * @param guard asked before a role or binding is written
 * @param warnings gets sentences for the answer's Warning headers
 */
public record WriteCall(
        UserInfo user,
        Tenant tenant,
        boolean internal,
        boolean operator,
        boolean dryRun,
        FieldValidation validation,
        EscalationGuard guard,
        Consumer<String> warnings) {
    /** The same, but nothing is stored. */
    WriteCall dry() {
        return new WriteCall(user, tenant, internal, operator, true, validation, guard, warnings);
    }
}
