package io.hypernetes.api.types.core;

import io.hypernetes.api.Scope;
import io.hypernetes.api.names.Names;
import io.hypernetes.api.types.kind.KindStrategy;
import io.hypernetes.api.types.kind.Trees;

import tools.jackson.databind.node.ObjectNode;

import java.util.List;

/** ServiceAccounts: of the secrets that they may use the names are kept. */
public final class ServiceAccountStrategy extends KindStrategy {

    public ServiceAccountStrategy() {
        super(Scope.NAMESPACED, Names::dnsSubdomain);
    }

    @Override
    public void prepareForCreate(ObjectNode account) {
        super.prepareForCreate(account);
        names(account);
    }

    @Override
    public void prepareForUpdate(ObjectNode account, ObjectNode old) {
        super.prepareForUpdate(account, old);
        names(account);
    }

    private static void names(ObjectNode account) {
        Trees.objects(account.path("secrets")).forEach(secret -> secret.retain(List.of("name")));
    }
}
