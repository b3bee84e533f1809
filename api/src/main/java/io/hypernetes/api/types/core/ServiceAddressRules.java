package io.hypernetes.api.types.core;

import io.hypernetes.api.names.Addresses;
import io.hypernetes.api.types.kind.Field;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Rules for a service's addresses and their families, alone and against the old ones. */
public final class ServiceAddressRules {
    private static final String FIXED = "may not change once set";

    private ServiceAddressRules() {}

    /** What one service says; services without addresses have none to look at. */
    public static void check(Field spec) {
        ServiceSpec service = new ServiceSpec(spec.value());
        if (service.isExternalName()) {
            return;
        }
        int errors = spec.errors().count();
        Field list = spec.at("clusterIPs");
        match(service, list);
        families(spec.at("ipFamilies"));
        spec.at("ipFamilyPolicy")
                .ifSet()
                .oneOf(
                        ServiceSpec.PREFER_DUAL_STACK,
                        ServiceSpec.REQUIRE_DUAL_STACK,
                        ServiceSpec.SINGLE_STACK);
        boolean wellFormed = wellFormed(list);
        List<String> addresses = service.clusterIps();
        if (addresses.size() > 2) {
            list.invalid("may only hold up to 2 values");
        }
        if (!wellFormed) {
            return;
        }
        if (addresses.size() > 1
                && addresses.stream().map(ServiceAddressRules::family).distinct().count()
                        != addresses.size()) {
            list.invalid("may specify no more than one IP for each IP family");
        }
        if (!service.isHeadless() && spec.errors().count() == errors) {
            eachOfItsFamily(service, list);
        }
    }

    /** Of a well-formed address. */
    public static String family(String address) {
        return address.contains(":") ? ServiceSpec.IPV6 : ServiceSpec.IPV4;
    }

    private static void match(ServiceSpec service, Field list) {
        List<String> addresses = service.clusterIps();
        if (service.clusterIp().isEmpty()) {
            if (!addresses.isEmpty()) {
                list.invalid("must be empty when `clusterIP` is not specified");
            }
        } else if (addresses.isEmpty()) {
            list.tellRequired("");
        } else if (!addresses.getFirst().equals(service.clusterIp())) {
            list.invalid("first value must match `clusterIP`");
        }
    }

    private static void families(Field families) {
        Set<String> seen = new HashSet<>();
        for (Field family : families.items()) {
            family.oneOf(ServiceSpec.IPV4, ServiceSpec.IPV6);
            if (!seen.add(family.text())) {
                family.duplicate();
            }
        }
    }

    private static boolean wellFormed(Field list) {
        boolean good = true;
        List<Field> addresses = list.items();
        for (int i = 0; i < addresses.size(); i++) {
            Field address = addresses.get(i);
            if (i == 0 && address.is(ServiceSpec.NONE)) {
                if (addresses.size() > 1) {
                    good = false;
                    list.invalid("'None' must be the first and only value");
                }
                continue;
            }
            good &= Addresses.address(address.text()).isEmpty();
            address.form(Addresses::address);
        }
        return good;
    }

    private static void eachOfItsFamily(ServiceSpec service, Field list) {
        List<String> families = service.families();
        List<Field> addresses = list.items();
        for (int i = 0; i < Math.min(families.size(), addresses.size()); i++) {
            if (!family(addresses.get(i).text()).equals(families.get(i))) {
                addresses
                        .get(i)
                        .invalid(
                                "expected an "
                                        + families.get(i)
                                        + " value as indicated by `ipFamilies["
                                        + i
                                        + "]`");
            }
        }
    }

    /** A second address may come and go; the first stays while the service has addresses. */
    static void checkUpdate(Field spec, Field old) {
        ServiceSpec now = new ServiceSpec(spec.value());
        ServiceSpec before = new ServiceSpec(old.value());
        if (now.isExternalName() || before.isExternalName()) {
            return;
        }
        boolean headless = now.isHeadless();
        if (!(headless && before.isHeadless())) {
            unchanged(
                    spec,
                    spec.at("clusterIPs"),
                    before.clusterIps(),
                    now.clusterIps(),
                    "clusterIP");
        }
        if (!headless && !before.isHeadless()) {
            unchanged(spec, spec.at("ipFamilies"), before.families(), now.families(), "ipFamily");
        }
    }

    private static void unchanged(
            Field spec, Field list, List<String> old, List<String> now, String what) {
        if (old.size() == now.size()) {
            for (int i = 0; i < old.size(); i++) {
                if (!old.get(i).equals(now.get(i))) {
                    int at = what.equals("clusterIP") ? i : 0;
                    list.index(at).with(list.value()).invalid(FIXED);
                }
            }
            return;
        }
        if (now.isEmpty()) {
            list.index(0).with(list.value()).invalid("primary " + what + " can not be unset");
        } else if (!old.isEmpty() && !old.getFirst().equals(now.getFirst())) {
            list.index(0).with(list.value()).invalid(FIXED);
        }
        Field policy = spec.at("ipFamilyPolicy");
        if (old.size() > now.size() && now.size() == 1 && !policy.is(ServiceSpec.SINGLE_STACK)) {
            policy.invalid(
                    policy.isSet() ? policy.text() : "null",
                    "must be set to 'SingleStack' when releasing the secondary " + what);
        }
    }
}
