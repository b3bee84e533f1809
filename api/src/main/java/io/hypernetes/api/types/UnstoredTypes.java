package io.hypernetes.api.types;

import static io.hypernetes.api.types.Row.cluster;
import static io.hypernetes.api.types.Row.namespaced;

import io.hypernetes.api.ResourceType;
import io.hypernetes.api.Strategy;
import io.hypernetes.api.types.core.QuotaColumns;

import java.util.List;

/**
 * The rows of what is served and holds nothing: reviews, which are created to be answered, {@code
 * bindings}, which change a pod, and {@code componentstatuses}, which are made up when they are
 * read. Discovery and OpenAPI tell of them; no object of them is stored.
 */
public final class UnstoredTypes {

    private static final String AUTHENTICATION = "authentication.k8s.io";
    private static final String AUTHORIZATION = "authorization.k8s.io";

    private static final Strategy ASKED =
            new Strategy() {
                @Override
                public Handling handling() {
                    return Handling.ASKED;
                }
            };

    private static final Strategy REPORTED =
            new Strategy() {
                @Override
                public Handling handling() {
                    return Handling.REPORTED;
                }
            };

    public static final ResourceType BINDINGS =
            namespaced("", "v1", "bindings", "Binding").as("io.k8s.api.core.v1.Binding", ASKED);

    public static final ResourceType COMPONENT_STATUSES =
            cluster("", "v1", "componentstatuses", "ComponentStatus")
                    .shortNames("cs")
                    .columns(QuotaColumns.COMPONENT)
                    .as("io.k8s.api.core.v1.ComponentStatus", REPORTED);

    public static final List<ResourceType> ALL =
            List.of(
                    BINDINGS,
                    COMPONENT_STATUSES,
                    authentication("selfsubjectreviews", "SelfSubjectReview"),
                    authentication("tokenreviews", "TokenReview"),
                    namespaced(
                                    AUTHORIZATION,
                                    "v1",
                                    "localsubjectaccessreviews",
                                    "LocalSubjectAccessReview")
                            .as("io.k8s.api.authorization.v1.LocalSubjectAccessReview", ASKED),
                    authorization("selfsubjectaccessreviews", "SelfSubjectAccessReview"),
                    authorization("selfsubjectrulesreviews", "SelfSubjectRulesReview"),
                    authorization("subjectaccessreviews", "SubjectAccessReview"));

    private UnstoredTypes() {}

    private static ResourceType authentication(String plural, String kind) {
        return cluster(AUTHENTICATION, "v1", plural, kind)
                .as("io.k8s.api.authentication.v1." + kind, ASKED);
    }

    private static ResourceType authorization(String plural, String kind) {
        return cluster(AUTHORIZATION, "v1", plural, kind)
                .as("io.k8s.api.authorization.v1." + kind, ASKED);
    }
}
