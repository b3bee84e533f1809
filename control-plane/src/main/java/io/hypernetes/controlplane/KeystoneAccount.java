package io.hypernetes.controlplane;

import io.hypernetes.identity.keystone.OpenStackAccess;
import io.hypernetes.tenancy.KeystoneDuties;

/**
 * An account of the installation's own at Keystone, and what it is for.
 *
 * @param access its credentials, as the operator's file has them
 */
public record KeystoneAccount(OpenStackAccess access, KeystoneDuties duties) {}
