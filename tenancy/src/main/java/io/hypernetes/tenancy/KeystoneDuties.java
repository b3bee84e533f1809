package io.hypernetes.tenancy;

import java.time.Duration;
import java.util.Map;

/**
 * What an installation with an account at Keystone does there.
 *
 * @param create whether projects and users may be made where a Tenant or User asks for it
 * @param syncUsers whether everybody with a role in a tenant's project gets a User object
 * @param every how often Keystone is looked at
 * @param roles the ClusterRole that each of Keystone's roles means
 */
public record KeystoneDuties(
        boolean create, boolean syncUsers, Duration every, Map<String, String> roles) {}
