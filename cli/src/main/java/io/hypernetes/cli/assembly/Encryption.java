package io.hypernetes.cli.assembly;

import io.hypernetes.store.Store;
import io.hypernetes.store.encryption.EncryptedKinds;
import io.hypernetes.store.encryption.EncryptedStore;
import io.hypernetes.store.encryption.KeyRing;
import io.hypernetes.store.encryption.MasterKey;
import io.hypernetes.store.kms.KmsPlugin;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What is kept encrypted, and where its keys are.
 *
 * @param kinds {@code secrets}, {@code widgets.example.com}
 * @param ring the folder of the tenants' keys
 * @param keyFile the master key; with a plug-in the master key as the plug-in has sealed it
 * @param plugin the socket of a KMS plug-in
 */
public record Encryption(List<String> kinds, Path ring, Path keyFile, Optional<Path> plugin) {

    Store over(Store store) {
        return EncryptedStore.open(store, EncryptedKinds.of(kinds), new KeyRing(ring, master()));
    }

    private MasterKey master() {
        if (plugin.isEmpty()) {
            return MasterKey.ofFile(keyFile);
        }
        try (KmsPlugin service = KmsPlugin.at(plugin.get())) {
            return MasterKey.ofService(service, keyFile);
        }
    }
}
