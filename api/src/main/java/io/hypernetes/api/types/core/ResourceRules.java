package io.hypernetes.api.types.core;

import io.hypernetes.api.FieldError.Type;
import io.hypernetes.api.names.Names;
import io.hypernetes.api.quantity.Quantity;
import io.hypernetes.api.types.kind.Field;

import java.math.BigDecimal;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/** Rules for amounts of resources: of containers and pods, and of what bounds them. */
public final class ResourceRules {

    private ResourceRules() {}

    static void ofContainer(Field resources, Set<String> claims) {
        requirements(resources, ResourceRules::containerName);
        claimNames(resources.at("claims"), claims);
    }

    /** Limits and requests that fit each other. */
    static void requirements(Field resources, Consumer<Field> nameRule) {
        Field limits = resources.at("limits");
        Field requests = resources.at("requests");
        for (String name : limits.keys()) {
            nameRule.accept(limits.key(name));
            amount(name, limits.key(name));
            hugePages(name, limits.key(name));
        }
        for (String name : requests.keys()) {
            nameRule.accept(requests.key(name));
            amount(name, requests.key(name));
            withinLimit(name, requests, limits);
            hugePages(name, requests.key(name));
        }
        boolean computes =
                List.of("cpu", "memory").stream()
                        .anyMatch(n -> limits.at(n).isSet() || requests.at(n).isSet());
        boolean huge =
                limits.keys().stream().anyMatch(ResourceNames::isHugePages)
                        || requests.keys().stream().anyMatch(ResourceNames::isHugePages);
        if (huge && !computes) {
            resources.forbidden("HugePages require cpu or memory");
        }
    }

    private static void withinLimit(String name, Field requests, Field limits) {
        Quantity wanted = Resources.parse(requests.key(name).value());
        Quantity limit = Resources.parse(limits.key(name).value());
        boolean overcommit = ResourceNames.mayBeOvercommitted(name);
        if (limit == null && !overcommit) {
            limits.tellRequired("Limit must be set for non overcommitable resources");
        } else if (wanted != null && limit != null && !overcommit && !wanted.equals(limit)) {
            requests.invalid(wanted.toString(), "must be equal to " + name + " limit of " + limit);
        } else if (wanted != null && limit != null && wanted.compareTo(limit) > 0) {
            requests.invalid(
                    wanted.toString(),
                    "must be less than or equal to " + name + " limit of " + limit);
        }
    }

    /** Amounts with the names of containers' resources, told as if they were limits. */
    public static void overhead(Field amounts, Field shownAt) {
        for (String name : amounts.keys()) {
            Field amount = shownAt.key(name).with(amounts.key(name).value());
            containerName(amount);
            amount(name, amount);
            hugePages(name, amount);
        }
    }

    /** Neither negative nor a part of what cannot be parted. */
    static void amount(String name, Field amount) {
        Quantity quantity = Resources.parse(amount.value());
        if (quantity == null) {
            Resources.unreadable(amount);
            return;
        }
        if (quantity.signum() < 0) {
            amount.invalid(quantity.toString(), "must be greater than or equal to 0");
        }
        if (ResourceNames.isWhole(name)
                && quantity.amount().remainder(BigDecimal.ONE).signum() != 0) {
            amount.invalid(quantity.toString(), "must be an integer");
        }
    }

    private static void hugePages(String name, Field amount) {
        if (!ResourceNames.isHugePages(name)) {
            return;
        }
        Quantity quantity = Resources.parse(amount.value());
        Quantity size = Resources.parseText(name.substring("hugepages-".length()));
        boolean fits =
                quantity != null
                        && size != null
                        && size.signum() > 0
                        && quantity.amount().remainder(size.amount()).signum() == 0;
        if (quantity != null && !fits) {
            amount.invalid(
                    quantity.toString(), quantity + " is not positive integer multiple of " + name);
        }
    }

    /** The keys of a map are told with their own path. */
    static void containerName(Field keyed) {
        String name = keyed.key();
        anyName(keyed);
        if (!name.contains("/") && !ResourceNames.isForContainers(name)) {
            keyed.invalid(name, "must be a standard resource for containers");
        } else if (!ResourceNames.isNative(name) && !ResourceNames.isExtended(name)) {
            keyed.invalid(name, "doesn't follow extended resource name standard");
        }
    }

    /** Whether the form is good and the name is one that Kubernetes knows or has a domain. */
    static boolean anyName(Field keyed) {
        String name = keyed.key();
        List<String> wrong = Names.qualifiedName(name);
        wrong.forEach(sentence -> keyed.invalid(name, sentence));
        if (wrong.isEmpty() && !name.contains("/") && !ResourceNames.isStandard(name)) {
            keyed.invalid(name, "must be a standard resource type or fully qualified");
        }
        return wrong.isEmpty();
    }

    /** The names of the claims that a pod has. */
    static Set<String> claims(Field spec) {
        Set<String> claims = new TreeSet<>();
        spec.at("resourceClaims").items().forEach(claim -> claims.add(claim.at("name").text()));
        return claims;
    }

    static void claimNames(Field claims, Set<String> known) {
        Set<String> used = new HashSet<>();
        for (Field claim : claims.items()) {
            String name = claim.at("name").text();
            String request = claim.at("request").text();
            if (name.isEmpty()) {
                claim.tellRequired("");
                continue;
            }
            claim.at("request").ifGiven().form(Names::dnsLabel);
            String key = request.isEmpty() ? name : name + "/" + request;
            boolean overlaps =
                    request.isEmpty() && used.stream().anyMatch(u -> u.startsWith(name + "/"));
            if (used.contains(name) || overlaps) {
                claim.duplicate(name);
            } else if (!used.add(key)) {
                claim.duplicate(key);
            }
            if (!known.contains(name)) {
                claim.error(
                        Type.NOT_FOUND,
                        "Not found: \""
                                + name
                                + "\": must be one of the names in pod.spec.resourceClaims"
                                + (known.isEmpty()
                                        ? " which is empty"
                                        : ": " + String.join(", ", known)));
            }
        }
    }
}
