package io.hypernetes.api.types.core;

import static io.hypernetes.api.types.kind.Trees.has;
import static io.hypernetes.api.types.kind.Trees.objects;
import static io.hypernetes.api.types.kind.Trees.text;
import static io.hypernetes.api.types.kind.Trees.texts;

import io.hypernetes.api.json.Json;
import io.hypernetes.api.names.Names;
import io.hypernetes.api.types.kind.Errors;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;

/** Rules for how a pod finds names: DNS policy, DNS configuration and aliases of hosts. */
final class ResolverRules {

    // What the C library reads of /etc/resolv.conf.
    private static final int MAX_NAMESERVERS = 3;
    private static final int MAX_SEARCHES = 32;
    private static final int MAX_SEARCH_CHARACTERS = 2048;

    private final ObjectNode spec;
    private final Errors errors;

    ResolverRules(ObjectNode spec, Errors errors) {
        this.spec = spec;
        this.errors = errors;
    }

    void check() {
        errors.oneOf(
                "spec.dnsPolicy",
                text(spec, "dnsPolicy"),
                List.of("ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"));
        dnsConfig(spec.path("dnsConfig"));
        List<ObjectNode> aliases = objects(spec.path("hostAliases"));
        for (int i = 0; i < aliases.size(); i++) {
            String field = "spec.hostAliases[" + i + "]";
            PodRules.address(field + ".ip", text(aliases.get(i), "ip"), errors);
            List<String> names = texts(aliases.get(i).path("hostnames"));
            for (int j = 0; j < names.size(); j++) {
                errors.form(
                        field + ".hostnames[" + j + "]",
                        names.get(j),
                        Names.dnsSubdomain(names.get(j)));
            }
        }
    }

    private void dnsConfig(JsonNode config) {
        String field = "spec.dnsConfig";
        List<String> servers = texts(config.path("nameservers"));
        if (text(spec, "dnsPolicy").equals("None") && servers.isEmpty()) {
            if (has(spec, "dnsConfig")) {
                errors.required(
                        field + ".nameservers",
                        "must provide at least one DNS nameserver when `dnsPolicy` is None");
            } else {
                errors.required(field, "must provide `dnsConfig` when `dnsPolicy` is None");
            }
            return;
        }
        if (servers.size() > MAX_NAMESERVERS) {
            errors.invalid(
                    field + ".nameservers",
                    Json.text(config.path("nameservers")),
                    "must not have more than " + MAX_NAMESERVERS + " nameservers");
        }
        for (int i = 0; i < servers.size(); i++) {
            PodRules.address(field + ".nameservers[" + i + "]", servers.get(i), errors);
        }
        searches(field + ".searches", config.path("searches"));
        List<ObjectNode> options = objects(config.path("options"));
        for (int i = 0; i < options.size(); i++) {
            if (text(options.get(i), "name").isEmpty()) {
                errors.required(field + ".options[" + i + "]", "must not be empty");
            }
        }
    }

    private void searches(String field, JsonNode list) {
        List<String> searches = texts(list);
        if (searches.size() > MAX_SEARCHES) {
            errors.invalid(
                    field,
                    Json.text(list),
                    "must not have more than " + MAX_SEARCHES + " search paths");
        }
        if (String.join(" ", searches).length() > MAX_SEARCH_CHARACTERS) {
            errors.invalid(
                    field,
                    Json.text(list),
                    "must not have more than "
                            + MAX_SEARCH_CHARACTERS
                            + " characters (including spaces) in the search list");
        }
        for (int i = 0; i < searches.size(); i++) {
            String search = searches.get(i);
            if (search.equals(".")) {
                continue;
            }
            String name = search.endsWith(".") ? search.substring(0, search.length() - 1) : search;
            errors.form(field + "[" + i + "]", name, Names.searchPath(name));
        }
    }
}
