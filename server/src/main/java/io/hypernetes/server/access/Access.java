package io.hypernetes.server.access;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.GroupResource;
import io.hypernetes.api.Status.Reason;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.access.Attributes;
import io.hypernetes.api.access.Authorizer;
import io.hypernetes.api.access.Authorizer.Decision;
import io.hypernetes.server.request.RequestInfo;

import java.util.List;

/** Asks the authorizers in order; nobody's yes is a no. */
public final class Access {
    private final List<Authorizer> authorizers;

    public Access(List<Authorizer> authorizers) {
        this.authorizers = List.copyOf(authorizers);
    }

    /** The first decided answer, else the last opinion. */
    public Decision decide(Attributes attributes) {
        Decision last = new Decision.NoOpinion("");
        for (Authorizer authorizer : authorizers) {
            last = authorizer.authorize(attributes);
            if (!(last instanceof Decision.NoOpinion)) {
                return last;
            }
        }
        return last;
    }

    static Attributes attributes(Session session, RequestInfo info) {
        return new Attributes(
                session.user(),
                session.world().orElse(Tenant.SYSTEM),
                info.verb(),
                info.group(),
                info.version(),
                info.resource(),
                info.subresource(),
                info.namespace(),
                info.name(),
                info.isResource() ? "" : info.path());
    }

    /** Throws Forbidden with upstream's words. */
    void require(Attributes attributes) {
        switch (decide(attributes)) {
            case Decision.Allow _ -> {}
            case Decision.Deny(String reason) -> throw forbidden(attributes, reason);
            case Decision.NoOpinion _ -> throw forbidden(attributes, "");
        }
    }

    private static ApiException forbidden(Attributes asked, String reason) {
        String because = reason.isEmpty() ? "" : ": " + reason;
        String user = "User \"" + asked.user().name() + "\" cannot " + asked.verb();
        if (!asked.isResource()) {
            return ApiException.of(
                    Reason.FORBIDDEN,
                    "forbidden: " + user + " path \"" + asked.path() + "\"" + because);
        }
        String resource =
                asked.subresource().isEmpty()
                        ? asked.resource()
                        : asked.resource() + "/" + asked.subresource();
        String where =
                asked.namespace().isEmpty()
                        ? " at the cluster scope"
                        : " in the namespace \"" + asked.namespace() + "\"";
        return ApiException.forbidden(
                new GroupResource(asked.group(), asked.resource()),
                asked.name(),
                user
                        + " resource \""
                        + resource
                        + "\" in API group \""
                        + asked.group()
                        + "\""
                        + where
                        + because);
    }
}
