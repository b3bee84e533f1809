package io.hypernetes.node;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.cri.v1.AuthConfig;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The secrets that a pod names in {@code imagePullSecrets} (those of its service account have been
 * put there by admission), read anew for each pull: a secret that was changed counts at once.
 */
final class PullSecrets {

    /**
     * @param credentials to be tried one after the other; empty for none
     * @param missing names of secrets that are not there, or hold no registry's password
     */
    record Found(List<AuthConfig> credentials, List<String> missing) {}

    private final Client client;

    PullSecrets(Client client) {
        this.client = client;
    }

    Found find(Tenant tenant, ObjectNode pod, String image) {
        RegistryKeyring.Builder keyring = new RegistryKeyring.Builder();
        List<String> missing = new ArrayList<>();
        for (JsonNode reference : pod.path("spec").path("imagePullSecrets")) {
            String name = reference.path("name").asString("");
            ObjectKey key = new ObjectKey(tenant, Metadata.namespace(pod), name);
            Optional<ObjectNode> secret = client.find(BuiltinTypes.SECRETS, key);
            if (secret.isEmpty() || !keyring.add(secret.get())) {
                missing.add(name);
            }
        }
        return new Found(keyring.build().of(image), missing);
    }
}
