package io.hypernetes.api.types.resource;

import io.hypernetes.api.Scope;
import io.hypernetes.api.names.Names;
import io.hypernetes.api.types.kind.Field;
import io.hypernetes.api.types.kind.KindStrategy;

/** DeviceClasses: what an operator calls a kind of device. */
public final class DeviceClassStrategy extends KindStrategy {

    public DeviceClassStrategy() {
        super(Scope.CLUSTER, Names::dnsSubdomain);
    }

    @Override
    protected void rules(Field deviceClass) {
        Field spec = deviceClass.at("spec");
        DeviceRequestRules.selectors(spec.at("selectors"));
        spec.at("config").items().forEach(DeviceRequestRules::configuration);
        DeviceRequestRules.atMost(spec.at("config"), DeviceRequestRules.MAX_CONFIGS);
        extendedName(spec.at("extendedResourceName"));
    }

    private static void extendedName(Field name) {
        if (name.isSet() && !name.text().contains("/")) {
            name.invalid("must be a valid extended resource name");
        }
        name.ifGiven().form(Names::qualifiedName);
    }
}
