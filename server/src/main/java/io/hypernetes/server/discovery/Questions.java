package io.hypernetes.server.discovery;

import java.util.List;

/** Resources that hold nothing: creating one asks the server something. */
final class Questions {
    private static final String AUTHENTICATION = "authentication.k8s.io";
    private static final String AUTHORIZATION = "authorization.k8s.io";

    static final List<Discovered> ALL =
            List.of(
                    Discovered.question(
                            AUTHENTICATION, "selfsubjectreviews", "SelfSubjectReview", false),
                    Discovered.question(AUTHENTICATION, "tokenreviews", "TokenReview", false),
                    Discovered.question(
                            AUTHORIZATION,
                            "localsubjectaccessreviews",
                            "LocalSubjectAccessReview",
                            true),
                    Discovered.question(
                            AUTHORIZATION,
                            "selfsubjectaccessreviews",
                            "SelfSubjectAccessReview",
                            false),
                    Discovered.question(
                            AUTHORIZATION, "subjectaccessreviews", "SubjectAccessReview", false));

    private Questions() {}
}
