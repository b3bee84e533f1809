package io.hypernetes.tenancy;

import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.controllerruntime.ConditionWriter;
import io.hypernetes.controllerruntime.EventRecorder;
import io.hypernetes.controllerruntime.StatusCondition;
import io.hypernetes.identity.account.Account;

import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Writes a User's phase and its condition {@code Ready}, and tells of it, when they change. */
final class UserStatus {

    private final ConditionWriter conditions;

    UserStatus(Client client, EventRecorder events, Clock clock) {
        conditions = new ConditionWriter(client, events, clock);
    }

    /** What the user is in which tenants. */
    void living(ObjectKey key, Account account, Predicate<Tenant> lives) {
        List<String> missing =
                account.tenants().stream()
                        .filter(lives.negate())
                        .map(Tenant::name)
                        .sorted()
                        .toList();
        String memberships =
                account.memberships().entrySet().stream()
                        .map(m ->
                                m.getValue().name().toLowerCase(Locale.ROOT)
                                        + " of "
                                        + m.getKey().name())
                        .sorted()
                        .collect(Collectors.joining(", "));
        if (!missing.isEmpty()) {
            String text = "there is no tenant " + String.join(", ", missing);
            write(key, "Pending", false, "TenantNotFound", text);
        } else if (memberships.isEmpty()) {
            write(key, "Pending", false, "NoTenants", "the user is a member of no tenant");
        } else {
            write(key, "Active", true, "Member", memberships);
        }
    }

    void terminating(ObjectKey key) {
        String text = "the namespaces that the user made are being deleted";
        write(key, "Terminating", false, "Deleting", text);
    }

    private void write(ObjectKey key, String phase, boolean ready, String reason, String message) {
        conditions.write(
                BuiltinTypes.USERS,
                key,
                StatusCondition.of("Ready", ready, reason, message),
                reason.equals("TenantNotFound")
                        ? EventRecorder.Type.WARNING
                        : EventRecorder.Type.NORMAL,
                status -> status.put("phase", phase));
    }
}
