package io.hypernetes.cel.library;

import static dev.cel.common.types.SimpleType.BOOL;
import static dev.cel.common.types.SimpleType.STRING;

import dev.cel.common.types.CelType;
import dev.cel.common.types.OpaqueType;

import io.hypernetes.cel.library.AuthorizationChecks.Authorizer;
import io.hypernetes.cel.library.AuthorizationChecks.Decision;
import io.hypernetes.cel.library.AuthorizationChecks.Group;
import io.hypernetes.cel.library.AuthorizationChecks.Path;
import io.hypernetes.cel.library.AuthorizationChecks.Resource;
import io.hypernetes.cel.library.Functions.Cost;

import java.util.List;

/** Questions to the authorizer (KEP-3488). Selectors are taken and left out of the question. */
final class AuthorizerLibrary {
    private static final CelType AUTHORIZER =
            OpaqueType.create(AuthorizationChecks.AUTHORIZER.name());
    private static final CelType RESOURCE =
            OpaqueType.create(AuthorizationChecks.RESOURCE_CHECK.name());
    private static final CelType PATH = OpaqueType.create("kubernetes.authorization.PathCheck");
    private static final CelType GROUP = OpaqueType.create("kubernetes.authorization.GroupCheck");
    private static final CelType DECISION = OpaqueType.create("kubernetes.authorization.Decision");

    /** Two of them are all that an expression can pay. */
    private static final Cost CHECK = (arguments, result) -> 350_000;

    private AuthorizerLibrary() {}

    static void declare(Functions functions) {
        functions.type(AUTHORIZER, Authorizer.class);
        functions.type(RESOURCE, Resource.class);
        functions.type(PATH, Path.class);
        functions.type(GROUP, Group.class);
        functions.type(DECISION, Decision.class);
        questions(functions);
        refinements(functions);
        functions
                .member(
                        "check",
                        "resourcecheck_check",
                        DECISION,
                        List.of(RESOURCE, STRING),
                        CHECK,
                        a -> AuthorizationChecks.check((Resource) a[0], (String) a[1]))
                .member(
                        "check",
                        "pathcheck_check",
                        DECISION,
                        List.of(PATH, STRING),
                        CHECK,
                        a -> AuthorizationChecks.check((Path) a[0], (String) a[1]))
                .member(
                        "allowed",
                        "decision_allowed",
                        BOOL,
                        List.of(DECISION),
                        Costs.ONE,
                        a -> ((Decision) a[0]).answer().allowed())
                .member(
                        "reason",
                        "decision_reason",
                        STRING,
                        List.of(DECISION),
                        Costs.ONE,
                        a -> ((Decision) a[0]).answer().reason())
                .member(
                        "errored",
                        "decision_errored",
                        BOOL,
                        List.of(DECISION),
                        Costs.ONE,
                        a -> false)
                .member("error", "decision_error", STRING, List.of(DECISION), Costs.ONE, a -> "");
    }

    private static void questions(Functions functions) {
        functions
                .member(
                        "path",
                        "authorizer_path",
                        PATH,
                        List.of(AUTHORIZER, STRING),
                        Costs.ONE,
                        a -> new Path((Authorizer) a[0], (String) a[1]))
                .member(
                        "group",
                        "authorizer_group",
                        GROUP,
                        List.of(AUTHORIZER, STRING),
                        Costs.ONE,
                        a -> new Group((Authorizer) a[0], (String) a[1]))
                .member(
                        "serviceAccount",
                        "authorizer_serviceaccount",
                        AUTHORIZER,
                        List.of(AUTHORIZER, STRING, STRING),
                        Costs.ONE,
                        a ->
                                ((Authorizer) a[0])
                                        .as(
                                                AuthorizationChecks.serviceAccount(
                                                        (String) a[1], (String) a[2])))
                .member(
                        "resource",
                        "groupcheck_resource",
                        RESOURCE,
                        List.of(GROUP, STRING),
                        Costs.ONE,
                        a ->
                                new Resource(
                                        ((Group) a[0]).authorizer(),
                                        ((Group) a[0]).group(),
                                        (String) a[1],
                                        "",
                                        "",
                                        ""));
    }

    private static void refinements(Functions functions) {
        List<CelType> parameters = List.of(RESOURCE, STRING);
        functions
                .member(
                        "subresource",
                        "resourcecheck_subresource",
                        RESOURCE,
                        parameters,
                        Costs.ONE,
                        a -> {
                            Resource on = (Resource) a[0];
                            return new Resource(
                                    on.authorizer(),
                                    on.group(),
                                    on.resource(),
                                    (String) a[1],
                                    on.namespace(),
                                    on.name());
                        })
                .member(
                        "namespace",
                        "resourcecheck_namespace",
                        RESOURCE,
                        parameters,
                        Costs.ONE,
                        a -> {
                            Resource on = (Resource) a[0];
                            return new Resource(
                                    on.authorizer(),
                                    on.group(),
                                    on.resource(),
                                    on.subresource(),
                                    (String) a[1],
                                    on.name());
                        })
                .member(
                        "name",
                        "resourcecheck_name",
                        RESOURCE,
                        parameters,
                        Costs.ONE,
                        a -> {
                            Resource on = (Resource) a[0];
                            return new Resource(
                                    on.authorizer(),
                                    on.group(),
                                    on.resource(),
                                    on.subresource(),
                                    on.namespace(),
                                    (String) a[1]);
                        })
                .member(
                        "fieldSelector",
                        "authorizer_fieldselector",
                        RESOURCE,
                        parameters,
                        Costs.WALK,
                        a -> a[0])
                .member(
                        "labelSelector",
                        "authorizer_labelselector",
                        RESOURCE,
                        parameters,
                        Costs.WALK,
                        a -> a[0]);
    }
}
