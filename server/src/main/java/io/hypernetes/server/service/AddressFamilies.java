package io.hypernetes.server.service;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.Metadata;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.api.types.core.ServiceAddressRules;
import io.hypernetes.api.types.core.ServiceSpec;
import io.hypernetes.api.types.kind.Errors;
import io.hypernetes.api.types.kind.Field;

import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Decides which families of addresses a service has, where it does not say so itself. */
final class AddressFamilies {
    private final AddressRanges ranges;
    private final ObjectNode service;
    private final ObjectNode spec;
    private final ServiceSpec now;
    private final Errors errors = new Errors();

    AddressFamilies(AddressRanges ranges, ObjectNode service) {
        this.ranges = ranges;
        this.service = service;
        this.spec = (ObjectNode) service.get("spec");
        this.now = new ServiceSpec(spec);
    }

    /** Throws Invalid when what is said does not go together, or is not to be had here. */
    void settle(Optional<ServiceSpec> before) {
        if (now.isExternalName() || before.filter(this::stays).isPresent()) {
            return;
        }
        if (now.familyPolicy().isEmpty()) {
            spec.put("ipFamilyPolicy", policy(before));
        }
        Field field = Field.root(service, errors).at("spec");
        ServiceAddressRules.check(field);
        refuse();
        before.ifPresent(old -> reduce(old, field.at("ipFamilyPolicy")));
        if (isSingle()) {
            many(field.at("ipFamilyPolicy"));
        }
        infer(field.at("clusterIPs"));
        refuse();
        if (now.isHeadless() && !now.hasSelector()) {
            settleUnselected();
            return;
        }
        available(field);
        refuse();
        if (now.families().isEmpty()) {
            ServiceSpec.setFamilies(spec, List.of(ranges.defaultFamily()));
        }
        if (!isSingle() && ranges.isDualStack()) {
            addOther();
        }
    }

    /**
     * Whether nothing is asked of a service that takes what there is: the second address of such a
     * one neither comes nor goes because the ranges changed.
     */
    private boolean stays(ServiceSpec old) {
        return now.familyPolicy().equals(ServiceSpec.PREFER_DUAL_STACK)
                && old.familyPolicy().equals(ServiceSpec.PREFER_DUAL_STACK)
                && old.type().equals(now.type())
                && old.clusterIps().equals(now.clusterIps())
                && old.families().equals(now.families());
    }

    private String policy(Optional<ServiceSpec> before) {
        Optional<String> old = before.map(ServiceSpec::familyPolicy).filter(p -> !p.isEmpty());
        return old.orElse(
                now.isHeadless() && !now.hasSelector()
                        ? ServiceSpec.REQUIRE_DUAL_STACK
                        : ServiceSpec.SINGLE_STACK);
    }

    private boolean isSingle() {
        return now.familyPolicy().equals(ServiceSpec.SINGLE_STACK);
    }

    /** Who asks for one family gives back the second, unless something else changed with it. */
    private void reduce(ServiceSpec old, Field policy) {
        if (isSingle()) {
            if (now.clusterIps().equals(old.clusterIps()) && now.clusterIps().size() > 1) {
                ServiceSpec.setClusterIps(spec, now.clusterIps().subList(0, 1));
            }
            if (now.families().equals(old.families()) && now.families().size() > 1) {
                ServiceSpec.setFamilies(spec, now.families().subList(0, 1));
            }
            return;
        }
        if (isReduced(old.clusterIps(), now.clusterIps())) {
            policy.invalid("must be 'SingleStack' to release the secondary cluster IP");
        }
        if (isReduced(old.families(), now.families())) {
            policy.invalid("must be 'SingleStack' to release the secondary IP family");
        }
    }

    private static boolean isReduced(List<String> old, List<String> now) {
        return old.size() == 2 && now.size() == 1 && old.getFirst().equals(now.getFirst());
    }

    private void many(Field policy) {
        if (now.clusterIps().size() == 2) {
            policy.invalid(
                    "must be 'RequireDualStack' or 'PreferDualStack' when multiple cluster IPs are"
                            + " specified");
        }
        if (now.families().size() == 2) {
            policy.invalid(
                    "must be 'RequireDualStack' or 'PreferDualStack' when multiple IP families are"
                            + " specified");
        }
    }

    private void infer(Field addresses) {
        List<String> families = new ArrayList<>(now.families());
        List<String> given = now.clusterIps();
        for (int i = families.size(); i < given.size() && !now.isHeadless(); i++) {
            String family = ServiceAddressRules.family(given.get(i));
            if (ranges.has(family)) {
                families.add(family);
            } else {
                addresses
                        .index(i)
                        .with(addresses.value())
                        .invalid(family + " is not configured on this cluster");
            }
        }
        if (!families.isEmpty()) {
            ServiceSpec.setFamilies(spec, families);
        }
    }

    /** Who finds the addresses of such a service itself may have any family. */
    private void settleUnselected() {
        if (now.families().isEmpty()) {
            ServiceSpec.setFamilies(spec, List.of(ranges.defaultFamily()));
        }
        if (!isSingle()) {
            addOther();
        }
    }

    private void addOther() {
        List<String> families = now.families();
        if (families.size() == 1) {
            String first = families.getFirst();
            String other = first.equals(ServiceSpec.IPV4) ? ServiceSpec.IPV6 : ServiceSpec.IPV4;
            ServiceSpec.setFamilies(spec, List.of(first, other));
        }
    }

    private void available(Field field) {
        if (now.familyPolicy().equals(ServiceSpec.REQUIRE_DUAL_STACK) && !ranges.isDualStack()) {
            field.at("ipFamilyPolicy")
                    .invalid("this cluster is not configured for dual-stack services");
        }
        for (Field family : field.at("ipFamilies").items()) {
            if (!ranges.has(family.text())) {
                family.invalid("not configured on this cluster");
            }
        }
    }

    private void refuse() {
        if (errors.count() > 0) {
            throw ApiException.invalid(
                    BuiltinTypes.SERVICES.groupVersionKind(), Metadata.name(service), errors.all());
        }
    }
}
