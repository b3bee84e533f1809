package io.hypernetes.server.service;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.api.types.core.ServiceSpec;
import io.hypernetes.api.types.networking.ServiceRanges;
import io.hypernetes.server.registry.Extent;
import io.hypernetes.server.registry.ObjectFilter;
import io.hypernetes.server.registry.Reads;
import io.hypernetes.server.registry.Served;

import tools.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Where a world's service addresses come from: the operator's ServiceCIDR and its own ones. */
record AddressRanges(List<AddressRange> all) {

    static AddressRanges of(Reads reads, Tenant tenant) {
        List<AddressRange> ranges = new ArrayList<>();
        Extent extent =
                new Extent(
                        BuiltinTypes.SERVICE_CIDRS,
                        Optional.of(tenant),
                        "",
                        ObjectFilter.EVERYTHING);
        for (Served cidr : reads.listCurrent(extent)) {
            if (Metadata.isBeingDeleted(cidr.tree())) {
                continue;
            }
            for (JsonNode range : cidr.tree().path("spec").path("cidrs")) {
                ranges.add(AddressRange.of(range.asString("")));
            }
        }
        if (ranges.isEmpty()) {
            // An installation without any ServiceCIDR has one family.
            ranges.add(AddressRange.of(ServiceRanges.DEFAULT.cidrs().getFirst()));
        }
        return new AddressRanges(List.copyOf(ranges));
    }

    boolean has(String family) {
        return all.stream().anyMatch(range -> range.family().equals(family));
    }

    boolean isDualStack() {
        return has(ServiceSpec.IPV4) && has(ServiceSpec.IPV6);
    }

    String defaultFamily() {
        return has(ServiceSpec.IPV4) ? ServiceSpec.IPV4 : ServiceSpec.IPV6;
    }

    boolean contain(String address) {
        return all.stream().anyMatch(range -> range.contains(address));
    }

    List<AddressRange> of(String family) {
        return all.stream().filter(range -> range.family().equals(family)).toList();
    }
}
