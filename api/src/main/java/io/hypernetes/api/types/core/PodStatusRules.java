package io.hypernetes.api.types.core;

import io.hypernetes.api.names.Addresses;
import io.hypernetes.api.names.Names;
import io.hypernetes.api.types.kind.Field;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What an update of a pod's status may say. */
final class PodStatusRules {

    private static final List<String> SYSTEM_CONDITIONS =
            List.of("PodScheduled", "Ready", "Initialized");

    private PodStatusRules() {}

    static void check(Field pod, Field old) {
        PodAnnotationRules.checkUpdate(
                pod.at("metadata", "annotations"), old.at("metadata", "annotations"));
        Field status = pod.at("status");
        for (Field condition : status.at("conditions").items()) {
            if (!SYSTEM_CONDITIONS.contains(condition.at("type").text())) {
                condition.at("Type").with(condition.at("type").value()).form(Names::qualifiedName);
            }
        }
        status.at("nominatedNodeName").ifGiven().form(Names::dnsSubdomain);
        status.at("qosClass").immutable(old.at("status", "qosClass"));
        containers(pod, old);
        addresses(status.at("podIPs"));
        Field hosts = status.at("hostIPs");
        if (hosts.isGiven() && !status.at("hostIP").is(hosts.index(0).at("ip").text())) {
            hosts.index(0).at("ip").invalid("must be equal to `hostIP`");
        }
        addresses(hosts);
        claims(status.at("resourceClaimStatuses"), pod.at("spec", "resourceClaims"));
    }

    /** Which claims were made for those that the spec has. */
    private static void claims(Field made, Field asked) {
        Set<String> names =
                asked.items().stream().map(c -> c.at("name").text()).collect(Collectors.toSet());
        for (Field claim : made.items()) {
            Field name = claim.at("name");
            if (!names.contains(name.text())) {
                name.invalid(
                        name.text(), "must match the name of an entry in `spec.resourceClaims`");
            }
            claim.at("resourceClaimName").ifSet().form(Names::dnsSubdomain);
        }
        made.distinct("name");
    }

    /** One that ended for good stays ended. */
    private static void containers(Field pod, Field old) {
        if (!RestartPolicy.mayRestartAll(old.at("spec").value())) {
            transitions(pod, old, "containerStatuses", "containers");
            transitions(pod, old, "initContainerStatuses", "initContainers");
        }
        transitions(pod, old, "ephemeralContainerStatuses", "ephemeralContainers");
    }

    private static void transitions(Field pod, Field old, String statuses, String containers) {
        List<Field> before = old.at("status", statuses).items();
        for (int i = 0; i < before.size(); i++) {
            Field ended = before.get(i).at("state", "terminated");
            String name = before.get(i).at("name").text();
            if (!ended.isSet() || restarts(old.at("spec"), containers, name, ended)) {
                continue;
            }
            for (Field now : pod.at("status", statuses).items()) {
                if (now.at("name").is(name) && !now.at("state", "terminated").isSet()) {
                    pod.at("status", statuses)
                            .index(i)
                            .at("state")
                            .forbidden("may not be transitioned to non-terminated state");
                }
            }
        }
    }

    private static boolean restarts(Field spec, String list, String name, Field ended) {
        int exitCode = (int) ended.at("exitCode").number();
        return !list.equals("ephemeralContainers")
                && spec.at(list).items().stream()
                        .filter(container -> container.at("name").is(name))
                        .map(Field::value)
                        .anyMatch(container ->
                                RestartPolicy.restarts(
                                        container,
                                        RestartPolicy.of(spec.value(), container),
                                        exitCode));
    }

    /** At most one of each family. */
    private static void addresses(Field list) {
        Set<String> known = new HashSet<>();
        for (Field item : list.items()) {
            item.with(item.at("ip").value()).form(Addresses::address);
        }
        List<Field> items = list.items();
        if (items.size() < 2) {
            return;
        }
        long sixes = items.stream().filter(i -> Addresses.isIpv6(i.at("ip").text())).count();
        if (items.size() > 2 || sixes != 1) {
            list.invalid("may specify no more than one IP for each IP family");
        }
        for (Field item : items) {
            if (!known.add(item.at("ip").text())) {
                item.duplicate();
            }
        }
    }
}
