package io.hypernetes.api.types.resource;

import io.hypernetes.api.Scope;
import io.hypernetes.api.names.Names;
import io.hypernetes.api.types.core.ResourceNames;
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
        DeviceRequestRules.atMost(spec.at("config"), DeviceRequestRules.MAX_CONFIGS)
                .forEach(DeviceRequestRules::configuration);
        Field extended = spec.at("extendedResourceName");
        if (extended.isSet() && !ResourceNames.isExtended(extended.text())) {
            extended.invalid("must be a valid extended resource name");
        }
    }
}
