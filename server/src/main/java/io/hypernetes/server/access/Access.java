package io.hypernetes.server.access;

import io.hypernetes.api.Tenant;
import io.hypernetes.api.access.Attributes;
import io.hypernetes.api.access.Authorizer;
import io.hypernetes.api.access.Authorizer.Decision;
import io.hypernetes.api.access.UserInfo;
import io.hypernetes.server.request.RequestInfo;

import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
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

    /** What all authorizers together can tell. */
    public Authorizer.RuleList rules(UserInfo user, Tenant tenant, String namespace) {
        List<ObjectNode> resources = new ArrayList<>();
        List<ObjectNode> paths = new ArrayList<>();
        boolean incomplete = false;
        for (Authorizer authorizer : authorizers) {
            Authorizer.RuleList some = authorizer.rules(user, tenant, namespace);
            resources.addAll(some.resourceRules());
            paths.addAll(some.nonResourceRules());
            incomplete |= some.incomplete();
        }
        return new Authorizer.RuleList(resources, paths, incomplete);
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
            case Decision.Deny(String reason) -> throw attributes.forbidden(reason);
            case Decision.NoOpinion _ -> throw attributes.forbidden("");
        }
    }
}
