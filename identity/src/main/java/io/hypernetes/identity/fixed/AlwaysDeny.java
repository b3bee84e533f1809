package io.hypernetes.identity.fixed;

import io.hypernetes.api.Tenant;
import io.hypernetes.api.access.Attributes;
import io.hypernetes.api.access.Authorizer;
import io.hypernetes.api.access.UserInfo;

import java.util.List;

/** Nobody may do anything, in upstream's words. Another authorizer of the chain may know better. */
public final class AlwaysDeny implements Authorizer {

    @Override
    public Decision authorize(Attributes attributes) {
        return new Decision.NoOpinion("Everything is forbidden.");
    }

    @Override
    public RuleList rules(UserInfo user, Tenant tenant, String namespace) {
        return new RuleList(List.of(), List.of(), false);
    }
}
