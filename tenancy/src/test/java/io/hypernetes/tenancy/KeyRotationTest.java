package io.hypernetes.tenancy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.Patch;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.memoryclient.MemoryClient;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

final class KeyRotationTest {
    private static final ObjectKey ACME = new ObjectKey(Tenant.SYSTEM, "", "acme");

    private final MemoryClient client = new MemoryClient();
    private final List<String> done = new CopyOnWriteArrayList<>();
    private final KeyRotation.Keys keys =
            new KeyRotation.Keys() {
                @Override
                public void settle() {
                    done.add("settled");
                }

                @Override
                public void rotate(Tenant tenant, String cause) {
                    done.add(tenant + " " + cause);
                }
            };

    private void ask(String cause) {
        ObjectNode change = Json.object();
        change.putObject("metadata").putObject("annotations").put(KeyRotation.WANTED, cause);
        client.patch(BuiltinTypes.TENANTS, ACME, new Patch.Merge(change), "");
    }

    private boolean isDone(String cause) {
        return Metadata.annotation(client.get(BuiltinTypes.TENANTS, ACME), KeyRotation.DONE_FOR)
                .equals(cause);
    }

    @Test
    void eachCauseRotatesOnceAndIsToldAlsoAfterAStart() {
        client.create(BuiltinTypes.TENANTS, Tenant.SYSTEM, Objects.named(ACME));
        try (KeyRotation _ = new KeyRotation(client, keys).start()) {
            ask("first");
            await().until(() -> isDone("first"));
        }
        ask("second"); // while nobody runs
        try (KeyRotation _ = new KeyRotation(client, keys).start()) {
            await().until(() -> isDone("second"));
        }
        assertThat(done).containsExactly("settled", "acme first", "settled", "acme second");
    }
}
