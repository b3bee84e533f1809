package io.hypernetes.server.audit;

import io.hypernetes.server.access.Session;
import io.hypernetes.server.request.RequestInfo;

import java.util.List;
import java.util.Set;

/**
 * One rule of a policy. An empty list matches everything.
 *
 * @param tenants names of tenants, an addition to upstream's rules
 * @param resources empty together with {@code namespaces}: also what is no resource
 * @param nonResourceUrls paths, a star at the end for all below
 * @param omitManagedFields of objects that are kept; the policy's own word where a rule has none
 */
record AuditRule(
        AuditLevel level,
        List<String> users,
        List<String> userGroups,
        List<String> verbs,
        List<String> tenants,
        List<Resources> resources,
        List<String> namespaces,
        List<String> nonResourceUrls,
        Set<AuditStage> omitStages,
        boolean omitManagedFields) {

    /**
     * @param resources {@code pods}, {@code pods/log}, {@code pods/*}, {@code *}{@code /scale},
     *     {@code *}; empty for all of the group
     */
    record Resources(String group, List<String> resources, List<String> names) {
        boolean match(RequestInfo info) {
            return group.equals(info.group())
                    && (resources.isEmpty() || resources.stream().anyMatch(r -> matches(r, info)))
                    && (names.isEmpty() || names.contains(info.name()));
        }

        private static boolean matches(String rule, RequestInfo info) {
            String subresource = info.subresource();
            String combined =
                    subresource.isEmpty() ? info.resource() : info.resource() + "/" + subresource;
            return rule.equals("*")
                    || rule.equals(combined)
                    || (!subresource.isEmpty()
                            && (rule.equals("*/" + subresource)
                                    || rule.equals(info.resource() + "/*")));
        }
    }

    boolean matches(Session session, RequestInfo info) {
        return has(users, session.user().name())
                && (userGroups.isEmpty()
                        || userGroups.stream().anyMatch(session.user().groups()::contains))
                && has(verbs, info.verb())
                && has(tenants, session.world().map(tenant -> tenant.name()).orElse("*"))
                && matchesTarget(info);
    }

    private boolean matchesTarget(RequestInfo info) {
        if (!resources.isEmpty() || !namespaces.isEmpty()) {
            return info.isResource()
                    && (namespaces.isEmpty() || namespaces.contains(info.namespace()))
                    && (resources.isEmpty() || resources.stream().anyMatch(r -> r.match(info)));
        }
        if (!nonResourceUrls.isEmpty()) {
            return !info.isResource()
                    && nonResourceUrls.stream().anyMatch(url -> covers(url, info.path()));
        }
        return true;
    }

    private static boolean covers(String url, String path) {
        return url.endsWith("*")
                ? path.startsWith(url.substring(0, url.length() - 1))
                : url.equals(path);
    }

    private static boolean has(List<String> wanted, String value) {
        return wanted.isEmpty() || wanted.contains(value);
    }
}
