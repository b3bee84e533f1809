package io.hypernetes.cli.assembly;

import io.hypernetes.api.Tenant;
import io.hypernetes.store.encryption.EncryptedStore;
import io.hypernetes.tenancy.KeyRotation;

import java.util.Optional;

/** The tenants' keys, for the controller that rotates them. */
record EncryptionKeys(EncryptedStore store) implements KeyRotation.Keys {
    @Override
    public void settle() {
        store.settle(Optional.empty());
    }

    @Override
    public void rotate(Tenant tenant, String cause) {
        store.rotate(tenant.name(), cause);
    }
}
