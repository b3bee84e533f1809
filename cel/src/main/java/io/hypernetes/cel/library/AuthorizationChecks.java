package io.hypernetes.cel.library;

import io.hypernetes.api.Tenant;
import io.hypernetes.api.access.Attributes;
import io.hypernetes.api.access.UserInfo;

import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The values of the authorizer library: who is asked about, what for, and the answer. */
public final class AuthorizationChecks {
    public static final OpaqueName AUTHORIZER =
            new OpaqueName("kubernetes.authorization.Authorizer");
    public static final OpaqueName RESOURCE_CHECK =
            new OpaqueName("kubernetes.authorization.ResourceCheck");

    private AuthorizationChecks() {}

    /** Whether it may be done, and why. */
    public record Answer(boolean allowed, String reason) {}

    /** {@code authorizer}: a user in a world, and who knows the rights. */
    public record Authorizer(UserInfo user, Tenant tenant, Function<Attributes, Answer> rights) {
        Authorizer as(UserInfo other) {
            return new Authorizer(other, tenant, rights);
        }
    }

    public static Authorizer of(UserInfo user, Tenant tenant, Function<Attributes, Answer> rights) {
        return new Authorizer(user, tenant, rights);
    }

    record Path(Authorizer authorizer, String path) {}

    record Group(Authorizer authorizer, String group) {}

    record Resource(
            Authorizer authorizer,
            String group,
            String resource,
            String subresource,
            String namespace,
            String name) {}

    record Decision(Answer answer) {}

    public static Object resource(
            Authorizer authorizer,
            String group,
            String resource,
            String subresource,
            String namespace,
            String name) {
        return new Resource(authorizer, group, resource, subresource, namespace, name);
    }

    static Decision check(Resource on, String verb) {
        return new Decision(
                on.authorizer.rights.apply(
                        new Attributes(
                                on.authorizer.user,
                                on.authorizer.tenant,
                                verb,
                                on.group,
                                "*",
                                on.resource,
                                on.subresource,
                                on.namespace,
                                on.name,
                                "")));
    }

    static Decision check(Path on, String verb) {
        return new Decision(
                on.authorizer.rights.apply(
                        new Attributes(
                                on.authorizer.user,
                                on.authorizer.tenant,
                                verb,
                                "",
                                "",
                                "",
                                "",
                                "",
                                "",
                                on.path)));
    }

    static UserInfo serviceAccount(String namespace, String name) {
        return new UserInfo(
                "system:serviceaccount:" + namespace + ":" + name,
                "",
                List.of(
                        "system:serviceaccounts",
                        "system:serviceaccounts:" + namespace,
                        UserInfo.AUTHENTICATED),
                Map.of());
    }
}
