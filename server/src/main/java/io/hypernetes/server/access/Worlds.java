package io.hypernetes.server.access;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.Status.Reason;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.access.Identity;
import io.hypernetes.api.access.UserInfo;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.server.registry.Reads;
import io.hypernetes.server.request.Target.World;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Decides whose world a request acts in. */
final class Worlds {
    private final Reads reads;

    Worlds(Reads reads) {
        this.reads = reads;
    }

    /** Throws Forbidden, and to operators NotFound for a tenant that does not exist. */
    Session enter(World world, Identity asked) {
        Identity identity = withoutNodes(asked);
        return switch (world) {
            case World.Unnamed _ -> {
                Tenant home = identity.home().orElseThrow(() -> mustChoose(identity));
                if (!exists(home)) {
                    throw notYours(identity, home);
                }
                yield new Session(identity, Optional.of(home));
            }
            case World.Named(Tenant tenant) -> {
                if (identity.operator() || identity.isNode()) {
                    if (!exists(tenant)) {
                        throw ApiException.notFound(BuiltinTypes.TENANTS.id(), tenant.name());
                    }
                } else if (!identity.tenants().contains(tenant) || !exists(tenant)) {
                    throw notYours(identity, tenant);
                }
                yield new Session(identity, Optional.of(tenant));
            }
            case World.Every _ -> {
                if (!identity.operator() && !identity.isNode()) {
                    throw ApiException.of(
                            Reason.FORBIDDEN,
                            "User \""
                                    + identity.user().name()
                                    + "\" may not act for all tenants: only an operator may");
                }
                yield new Session(identity, Optional.empty());
            }
        };
    }

    /** Whoever acts for a tenant is no machine, whatever groups somebody gave them. */
    private static Identity withoutNodes(Identity identity) {
        UserInfo user = identity.user();
        if (identity.isNode() || identity.operator() || !user.in(Identity.NODES)) {
            return identity;
        }
        List<String> groups =
                user.groups().stream().filter(group -> !group.equals(Identity.NODES)).toList();
        return new Identity(
                new UserInfo(user.name(), user.uid(), groups, user.extra()),
                identity.home(),
                identity.tenants(),
                false);
    }

    private boolean exists(Tenant tenant) {
        return tenant.isSystem()
                || reads.find(BuiltinTypes.TENANTS, Tenant.SYSTEM, "", tenant.name()).isPresent();
    }

    /** The same words whether the tenant exists or not. */
    private static ApiException notYours(Identity identity, Tenant tenant) {
        return ApiException.of(
                Reason.FORBIDDEN,
                "User \""
                        + identity.user().name()
                        + "\" is not a member of tenant \""
                        + tenant.name()
                        + "\"");
    }

    private static ApiException mustChoose(Identity identity) {
        String user = "User \"" + identity.user().name() + "\" ";
        if (identity.tenants().isEmpty()) {
            return ApiException.of(Reason.FORBIDDEN, user + "is not a member of any tenant");
        }
        String choices =
                identity.tenants().stream()
                        .sorted()
                        .map(Tenant::name)
                        .collect(Collectors.joining(", "));
        return ApiException.of(
                Reason.FORBIDDEN,
                user
                        + "is a member of several tenants: name one in the path, /tenants/NAME (one"
                        + " of: "
                        + choices
                        + ")");
    }
}
