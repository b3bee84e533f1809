package io.hypernetes.network;

/**
 * A pod's port.
 *
 * @param tenant whose pod
 * @param podUid the pod's uid, unique over all tenants
 */
public record PortId(String tenant, String podUid) {}
