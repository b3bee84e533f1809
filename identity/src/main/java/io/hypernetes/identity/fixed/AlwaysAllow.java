package io.hypernetes.identity.fixed;

import io.hypernetes.api.Tenant;
import io.hypernetes.api.access.Attributes;
import io.hypernetes.api.access.Authorizer;
import io.hypernetes.api.access.UserInfo;
import io.hypernetes.api.json.Json;

import tools.jackson.databind.node.ObjectNode;

import java.util.List;

/**
 * Everybody who is known may do anything in a tenant that their credentials are for. Strangers may
 * not: upstream knows no anonymous requests in this mode either.
 */
public final class AlwaysAllow implements Authorizer {

    @Override
    public Decision authorize(Attributes attributes) {
        return attributes.user().in(UserInfo.UNAUTHENTICATED)
                ? new Decision.NoOpinion("")
                : new Decision.Allow("");
    }

    @Override
    public RuleList rules(UserInfo user, Tenant tenant, String namespace) {
        return new RuleList(
                List.of(all("apiGroups", "resources")), List.of(all("nonResourceURLs")), false);
    }

    private static ObjectNode all(String... fields) {
        ObjectNode rule = Json.object();
        rule.putArray("verbs").add("*");
        for (String field : fields) {
            rule.putArray(field).add("*");
        }
        return rule;
    }
}
