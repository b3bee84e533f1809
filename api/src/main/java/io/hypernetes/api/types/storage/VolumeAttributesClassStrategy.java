package io.hypernetes.api.types.storage;

import io.hypernetes.api.Scope;
import io.hypernetes.api.names.Names;
import io.hypernetes.api.types.kind.Field;
import io.hypernetes.api.types.kind.KindStrategy;

/** VolumeAttributesClasses: settings that a driver can change while a volume is in use. */
public final class VolumeAttributesClassStrategy extends KindStrategy {

    public VolumeAttributesClassStrategy() {
        super(Scope.CLUSTER, Names::dnsSubdomain);
    }

    @Override
    protected void rules(Field attributes) {
        Parameters.provisioner(attributes.at("driverName"));
        Field parameters = attributes.at("parameters");
        Parameters.check(parameters);
        if (!parameters.isGiven()) {
            parameters.tellRequired("must contain at least one key/value pair");
        }
    }

    @Override
    protected void updateRules(Field attributes, Field old) {
        if (!attributes.at("driverName").same(old.at("driverName"))) {
            attributes.at("driverName").forbidden("updates to driverName are forbidden.");
        }
        if (!attributes.at("parameters").same(old.at("parameters"))) {
            attributes.at("parameters").forbidden("updates to parameters are forbidden.");
        }
    }
}
