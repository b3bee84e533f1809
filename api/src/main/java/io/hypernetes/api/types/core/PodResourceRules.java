package io.hypernetes.api.types.core;

import io.hypernetes.api.quantity.Quantity;
import io.hypernetes.api.types.kind.Field;

import java.util.List;

/** Rules for the resources of a pod as a whole (KEP-2837). */
final class PodResourceRules {

    private PodResourceRules() {}

    static void check(Field spec) {
        Field resources = spec.at("resources");
        if (!resources.isSet()) {
            return;
        }
        resources.at("claims").forbiddenIfSet("claims may not be set for Resources at pod-level");
        ResourceRules.requirements(
                resources,
                keyed -> {
                    String name = keyed.key();
                    boolean known =
                            name.equals("cpu")
                                    || name.equals("memory")
                                    || ResourceNames.isHugePages(name);
                    int before = keyed.errors().count();
                    ResourceRules.anyName(keyed);
                    if (keyed.errors().count() == before && !known) {
                        keyed.notSupported(name, List.of("cpu", "hugepages-", "memory"));
                    }
                });
        ResourceRules.claimNames(resources.at("claims"), ResourceRules.claims(spec));
        for (String name : resources.at("requests").keys()) {
            Quantity sum = Quantity.ZERO;
            for (Field container : spec.at("containers").items()) {
                Quantity asked =
                        Resources.parse(container.at("resources", "requests", name).value());
                sum = asked == null ? sum : sum.add(asked);
            }
            Quantity whole = Resources.parse(resources.at("requests").key(name).value());
            if (whole != null && sum.compareTo(whole) > 0) {
                resources
                        .at("requests")
                        .key(name)
                        .invalid(
                                whole.toString(),
                                "must be greater than or equal to aggregate container requests of "
                                        + sum);
            }
        }
        limits(spec, resources);
    }

    private static void limits(Field spec, Field resources) {
        int index = 0;
        for (Field container : spec.at("containers").items()) {
            Field shownAt = resources.at("containers").index(index++);
            Field limits = container.at("resources", "limits");
            for (String name : limits.keys()) {
                Quantity own = Resources.parse(limits.key(name).value());
                Quantity whole = Resources.parse(resources.at("limits").key(name).value());
                if (own != null && whole != null && own.compareTo(whole) > 0) {
                    shownAt.key(name)
                            .at("limits")
                            .invalid(
                                    own.toString(),
                                    "must be less than or equal to pod limits of " + whole);
                }
            }
        }
    }
}
