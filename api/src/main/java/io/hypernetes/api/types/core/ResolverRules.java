package io.hypernetes.api.types.core;

import io.hypernetes.api.names.Addresses;
import io.hypernetes.api.names.Names;
import io.hypernetes.api.types.kind.Field;

/** Rules for how a pod finds names. */
final class ResolverRules {

    // What the C library reads of /etc/resolv.conf.
    private static final int MAX_NAMESERVERS = 3;
    private static final int MAX_SEARCHES = 32;
    private static final int MAX_SEARCH_CHARACTERS = 2048;

    private ResolverRules() {}

    static void check(Field config, String policy) {
        Field servers = config.at("nameservers");
        if (policy.equals("None") && !config.isSet()) {
            config.tellRequired("must provide `dnsConfig` when `dnsPolicy` is None");
            return;
        }
        if (policy.equals("None") && !servers.isGiven()) {
            servers.tellRequired(
                    "must provide at least one DNS nameserver when `dnsPolicy` is None");
            return;
        }
        if (servers.items().size() > MAX_NAMESERVERS) {
            servers.invalid("must not have more than " + MAX_NAMESERVERS + " nameservers");
        }
        servers.items().forEach(server -> server.form(Addresses::address));
        searches(config.at("searches"));
        for (Field option : config.at("options").items()) {
            if (!option.at("name").isGiven()) {
                option.tellRequired("must not be empty");
            }
        }
    }

    private static void searches(Field searches) {
        if (searches.items().size() > MAX_SEARCHES) {
            searches.invalid("must not have more than " + MAX_SEARCHES + " search paths");
        }
        if (String.join(" ", searches.texts()).length() > MAX_SEARCH_CHARACTERS) {
            searches.invalid(
                    "must not have more than "
                            + MAX_SEARCH_CHARACTERS
                            + " characters (including spaces) in the search list");
        }
        for (Field search : searches.items()) {
            String text = search.text();
            String name = text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
            if (!text.equals(".")) {
                Names.searchPath(name).forEach(sentence -> search.invalid(name, sentence));
            }
        }
    }
}
