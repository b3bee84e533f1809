package io.hypernetes.api.types.core;

import io.hypernetes.api.Scope;
import io.hypernetes.api.names.Names;
import io.hypernetes.api.quantity.Quantity;
import io.hypernetes.api.types.kind.Field;
import io.hypernetes.api.types.kind.KindStrategy;
import io.hypernetes.api.types.kind.Trees;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.math.MathContext;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** LimitRanges: how much one container, pod or claim may have. */
public final class LimitRangeStrategy extends KindStrategy {

    private static final List<String> TYPES = List.of("Pod", "Container", "PersistentVolumeClaim");
    private static final List<String> LISTS =
            List.of("max", "min", "default", "defaultRequest", "maxLimitRequestRatio");

    public LimitRangeStrategy() {
        super(Scope.NAMESPACED, Names::dnsSubdomain);
    }

    @Override
    public void applyDefaults(ObjectNode range) {
        for (ObjectNode limit : Trees.objects(Trees.at(range, "spec", "limits"))) {
            LISTS.forEach(list -> Resources.canonicalizeList(limit.path(list)));
            if (Trees.text(limit, "type").equals("Container")) {
                fill(limit, "default", "max");
                fill(limit, "defaultRequest", "default");
                fill(limit, "defaultRequest", "min");
            }
        }
    }

    private static void fill(ObjectNode limit, String list, String from) {
        if (!(limit.get(from) instanceof ObjectNode amounts) || amounts.isEmpty()) {
            return;
        }
        ObjectNode filled = Trees.child(limit, list);
        for (var amount : amounts.properties()) {
            if (!filled.has(amount.getKey())) {
                filled.set(amount.getKey(), amount.getValue());
            }
        }
    }

    @Override
    public JsonNode desired(ObjectNode range) {
        return NO_GENERATIONS;
    }

    @Override
    protected void rules(Field range) {
        Set<String> types = new HashSet<>();
        for (Field limit : range.at("spec", "limits").items()) {
            Field type = limit.at("type");
            type(type);
            if (!types.add(type.text())) {
                type.duplicate(type.text());
            }
            limit(limit);
        }
    }

    private static void type(Field type) {
        List<String> wrong = Names.qualifiedName(type.text());
        wrong.forEach(sentence -> type.invalid(type.text(), sentence));
        if (wrong.isEmpty() && !type.text().contains("/") && !TYPES.contains(type.text())) {
            type.invalid("must be a standard limit type or fully qualified");
        }
    }

    private static void limit(Field limit) {
        boolean ofPods = limit.at("type").is("Pod");
        boolean ofContainers = ofPods || limit.at("type").is("Container");
        Set<String> names = new TreeSet<>();
        for (String list : LISTS) {
            if (ofPods && list.startsWith("default")) {
                limit.at(list).forbiddenIfGiven("may not be specified when `type` is 'Pod'");
                continue;
            }
            if (list.equals("maxLimitRequestRatio")) {
                claims(limit);
            }
            for (String name : limit.at(list).keys()) {
                names.add(name);
                if (ofContainers) {
                    ResourceRules.containerName(limit.at(list).key(name));
                } else {
                    ResourceRules.anyName(limit.at(list).key(name));
                }
            }
        }
        names.forEach(name -> new Amounts(limit, name).check());
    }

    private static void claims(Field limit) {
        if (limit.at("type").is("PersistentVolumeClaim")
                && !limit.at("min", "storage").isSet()
                && !limit.at("max", "storage").isSet()) {
            limit.at("limits")
                    .tellRequired(
                            "either minimum or maximum storage value is required, but neither was"
                                    + " provided");
        }
    }

    /** What is said of one resource must fit together. */
    private record Amounts(Field limit, String name) {

        private Field at(String list) {
            return limit.at(list).key(name);
        }

        private void check() {
            order("min", "max", "min", "min value %s is greater than max value %s");
            order(
                    "min",
                    "defaultRequest",
                    "defaultRequest",
                    "min value %s is greater than default request value %s");
            order(
                    "defaultRequest",
                    "max",
                    "defaultRequest",
                    "default request value %s is greater than max value %s");
            order(
                    "defaultRequest",
                    "default",
                    "defaultRequest",
                    "default request value %s is greater than default limit value %s");
            order("min", "default", "default", "min value %s is greater than default value %s");
            order("default", "max", "default", "default value %s is greater than max value %s");
            ratio();
            Quantity limit = Resources.parse(at("default").value());
            Quantity request = Resources.parse(at("defaultRequest").value());
            if (limit != null
                    && request != null
                    && !ResourceNames.mayBeOvercommitted(name)
                    && limit.compareTo(request) != 0) {
                at("defaultRequest")
                        .invalid(
                                request.toString(),
                                "default value "
                                        + limit
                                        + " must equal to defaultRequest value "
                                        + request
                                        + " in "
                                        + name);
            }
        }

        private void order(String less, String more, String told, String detail) {
            Quantity a = Resources.parse(at(less).value());
            Quantity b = Resources.parse(at(more).value());
            if (a != null && b != null && a.compareTo(b) > 0) {
                // Upstream shows the bound that is broken.
                Quantity shown =
                        told.equals("default")
                                ? (less.equals("min") ? a : b)
                                : told.equals(less) ? a : b;
                at(told).invalid(shown.toString(), String.format(Locale.ROOT, detail, a, b));
            }
        }

        private void ratio() {
            Quantity ratio = Resources.parse(at("maxLimitRequestRatio").value());
            Quantity least = Resources.parse(at("min").value());
            Quantity most = Resources.parse(at("max").value());
            if (ratio == null) {
                return;
            }
            Field told = at("maxLimitRequestRatio");
            if (ratio.compareTo(Quantity.of(1, Quantity.Format.DECIMAL_SI)) < 0) {
                told.invalid(ratio.toString(), "ratio " + ratio + " is less than 1");
            }
            if (least != null && most != null && least.signum() > 0) {
                var possible = most.amount().divide(least.amount(), MathContext.DECIMAL64);
                if (ratio.amount().compareTo(possible) > 0) {
                    told.invalid(
                            ratio.toString(),
                            String.format(
                                    Locale.ROOT,
                                    "ratio %s is greater than max/min = %f",
                                    ratio,
                                    possible));
                }
            }
        }
    }
}
