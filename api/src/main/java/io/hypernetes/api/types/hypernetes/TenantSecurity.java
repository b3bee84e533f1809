package io.hypernetes.api.types.hypernetes;

import io.hypernetes.api.podsecurity.SecurityPolicy.Level;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A Tenant's {@code spec.security}: to what its world is held where the world itself says nothing.
 *
 * @param pods the level of namespaces without a label
 * @param nodePorts whether services of the type NodePort may be
 * @param alwaysPull whether each start of a container pulls its image anew
 * @param namespaceLimits whether a new namespace gets a quota and a limit range
 */
public record TenantSecurity(
        Level pods, boolean nodePorts, boolean alwaysPull, boolean namespaceLimits) {

    private static final String PODS = "pods";
    private static final String NODE_PORTS = "nodePorts";
    private static final String ALWAYS_PULL = "alwaysPull";
    private static final String NAMESPACE_LIMITS = "namespaceLimits";

    /** As a cluster that somebody has just installed: nothing is refused but what is the host's. */
    public static final TenantSecurity OPEN =
            new TenantSecurity(Level.PRIVILEGED, true, false, false);

    /** What the multi-tenancy benchmark asks for. */
    public static final TenantSecurity RESTRICTED =
            new TenantSecurity(Level.RESTRICTED, false, true, true);

    /** What is not said is open. */
    public static TenantSecurity of(JsonNode tenant) {
        JsonNode security = tenant.path("spec").path("security");
        if (!security.isObject()) {
            return OPEN;
        }
        return new TenantSecurity(
                Level.of(security.path(PODS).asString("")).orElse(OPEN.pods()),
                security.path(NODE_PORTS).asBoolean(OPEN.nodePorts()),
                security.path(ALWAYS_PULL).asBoolean(OPEN.alwaysPull()),
                security.path(NAMESPACE_LIMITS).asBoolean(OPEN.namespaceLimits()));
    }

    /** Writes what a new Tenant does not say. */
    public void fillIn(ObjectNode tenant) {
        ObjectNode security = tenant.withObject("spec").withObject("security");
        if (!security.has(PODS)) {
            security.put(PODS, pods.toString());
        }
        putUnlessSaid(security, NODE_PORTS, nodePorts);
        putUnlessSaid(security, ALWAYS_PULL, alwaysPull);
        putUnlessSaid(security, NAMESPACE_LIMITS, namespaceLimits);
    }

    private static void putUnlessSaid(ObjectNode security, String name, boolean value) {
        if (!security.has(name)) {
            security.put(name, value);
        }
    }
}
