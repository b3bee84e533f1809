package io.hypernetes.network.ovn;

import io.hypernetes.network.NetworkException;
import io.hypernetes.network.NetworkSpec;
import io.hypernetes.network.ovn.Subnet.Family;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The subnets of a network, and how they stand in the external ids of its switch. Pure.
 *
 * @param all the first of each family is where the network's own addresses are
 */
record Subnets(List<Subnet> all) {

    private static final String MORE = "hypernetes-more";

    Subnets {
        all = List.copyOf(all);
    }

    static Subnets of(NetworkSpec spec) {
        List<Subnet> all =
                Stream.concat(Stream.of(spec.first()), spec.more().stream())
                        .map(range -> Subnet.parse(range.cidr(), range.gateway()))
                        .toList();
        for (int i = 0; i < all.size(); i++) {
            for (Subnet other : all.subList(0, i)) {
                if (other.overlaps(all.get(i))) {
                    throw new NetworkException(
                            "subnets %s and %s of network %s overlap: use others"
                                    .formatted(other.cidr(), all.get(i).cidr(), spec.id()));
                }
            }
        }
        return new Subnets(all);
    }

    static Subnets read(Map<String, String> ids) {
        List<Subnet> all = new ArrayList<>();
        all.add(
                Subnet.parse(
                        ids.getOrDefault(Northbound.CIDR, ""),
                        ids.getOrDefault(Northbound.GATEWAY, "")));
        for (String range : ids.getOrDefault(MORE, "").split(",")) {
            if (!range.isEmpty()) {
                String[] parts = range.split(" ", 2);
                all.add(Subnet.parse(parts[0], parts[1]));
            }
        }
        return new Subnets(all);
    }

    Map<String, String> ids() {
        Map<String, String> ids = new HashMap<>();
        ids.put(Northbound.CIDR, first().cidr());
        ids.put(Northbound.GATEWAY, first().gateway());
        ids.put(
                MORE,
                more().stream()
                        .map(subnet -> subnet.cidr() + " " + subnet.gateway())
                        .collect(Collectors.joining(",")));
        return ids;
    }

    Subnet first() {
        return all.getFirst();
    }

    List<Subnet> more() {
        return all.subList(1, all.size());
    }

    /** The router's addresses, as its port has them. */
    List<String> gateways() {
        return all.stream().map(subnet -> subnet.gateway() + "/" + subnet.prefixLength()).toList();
    }

    List<String> cidrs() {
        return all.stream().map(Subnet::cidr).toList();
    }

    /** The families of addresses that pods get, that of the first subnet first. */
    List<Family> families() {
        return all.stream().map(Subnet::family).distinct().toList();
    }

    /** Where the network's own addresses are, one subnet of each family. */
    List<Subnet> homes() {
        return families().stream().map(family -> of(family).getFirst()).toList();
    }

    List<Subnet> of(Family family) {
        return all.stream().filter(subnet -> subnet.family() == family).toList();
    }

    /** The first subnet of the family that has an address left. */
    Optional<Subnet> withRoom(Family family, Set<String> used) {
        return of(family).stream()
                .filter(subnet -> subnet.lowestFree(used).isPresent())
                .findFirst();
    }

    /** Those of others that share addresses with these. */
    Optional<Subnet> overlapping(Subnets others) {
        return others.all().stream()
                .filter(other -> all.stream().anyMatch(other::overlaps))
                .findFirst();
    }

    boolean has(Subnet wanted) {
        return all.contains(wanted);
    }
}
