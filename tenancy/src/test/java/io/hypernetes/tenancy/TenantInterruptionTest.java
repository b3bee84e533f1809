package io.hypernetes.tenancy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.client.DeleteOptions;
import io.hypernetes.api.client.Selection;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.api.types.WorldTypes;
import io.hypernetes.api.types.networking.ServiceRanges;
import io.hypernetes.memoryclient.MemoryClient;
import io.hypernetes.memoryclient.MortalClient;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.node.ObjectNode;

import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/** A tenant's beginning and end, killed between any two of their writes. */
final class TenantInterruptionTest {

    private static final Tenant ACME = new Tenant("acme");
    private static final ObjectKey TENANT = new ObjectKey(Tenant.SYSTEM, "", "acme");
    private static final ServerAddress SERVER = new ServerAddress("192.0.2.7", 6443, true);

    private static final Duration POLL = Duration.ofMillis(5);

    private final MemoryClient client = new MemoryClient();

    @Test
    void killedBetweenAnyTwoWritesTheNextStartGoesOn() {
        SystemWorld.bootstrap(client);
        int kills = 0;
        boolean killed = true;
        while (killed) {
            killed = lifeAndDeath(kills);
            kills++;
        }
        assertThat(kills).as("writes of a life and a death").isGreaterThan(12);
    }

    /** Whether the controller was killed at all, at its beginning or at its end. */
    private boolean lifeAndDeath(int writes) {
        ObjectNode tenant = Objects.named(TENANT);
        tenant.putObject("spec").putObject("deletionPolicy").put("volumes", "Retain");
        client.create(BuiltinTypes.TENANTS, Tenant.SYSTEM, tenant);
        boolean killed = run(writes, "Active");
        member("alice" + writes);
        create(BuiltinTypes.CONFIG_MAPS, "default", "c");
        volume("pvc-" + writes);
        client.delete(BuiltinTypes.TENANTS, TENANT, DeleteOptions.NOW);
        killed |= run(writes, "");

        for (ResourceType type : WorldTypes.BUILTIN.of(ACME).stored()) {
            assertThat(
                            client.list(type, Selection.of(ACME)).items().stream()
                                    .filter(o -> o.tenant().equals(ACME)))
                    .as("%s after a kill at write %d", type, writes)
                    .isEmpty();
        }
        ObjectNode retained =
                client.get(
                        BuiltinTypes.PERSISTENT_VOLUMES,
                        new ObjectKey(Tenant.SYSTEM, "", "pvc-" + writes));
        assertThat(Metadata.label(retained, RetainedVolumes.FROM)).isEqualTo("acme");
        assertThat(retained.at("/spec/csi/volumeHandle").asString()).isEqualTo("data");
        ObjectKey user = new ObjectKey(Tenant.SYSTEM, "", "alice" + writes);
        assertThat(client.find(BuiltinTypes.USERS, user)).isEmpty();
        return killed;
    }

    /**
     * Runs until the phase, or until the tenant is gone; killed and started again where it dies.
     */
    private boolean run(int writes, String phase) {
        MortalClient mortal = new MortalClient(client, writes);
        try (TenantController _ = controller(mortal)) {
            await().pollInterval(POLL).until(() -> mortal.isDead() || is(phase));
        }
        if (is(phase)) {
            return mortal.isDead();
        }
        try (TenantController _ = controller(client)) {
            await().pollInterval(POLL).until(() -> is(phase));
        }
        return true;
    }

    private boolean is(String phase) {
        Optional<ObjectNode> tenant = client.find(BuiltinTypes.TENANTS, TENANT);
        return phase.isEmpty()
                ? tenant.isEmpty()
                : tenant.filter(t -> t.at("/status/phase").asString("").equals(phase)).isPresent();
    }

    private static TenantController controller(Client client) {
        return new TenantController(
                        client,
                        WorldTypes.BUILTIN,
                        Clock.systemUTC(),
                        ServiceRanges.DEFAULT,
                        () -> Optional.of(SERVER))
                .start();
    }

    private void volume(String name) {
        ObjectNode volume = Objects.named(new ObjectKey(ACME, "", name));
        ObjectNode spec = volume.putObject("spec").put("persistentVolumeReclaimPolicy", "Delete");
        spec.putObject("csi").put("volumeHandle", "data");
        client.create(BuiltinTypes.PERSISTENT_VOLUMES, ACME, volume);
    }

    private void member(String name) {
        ObjectNode user = Objects.named(new ObjectKey(Tenant.SYSTEM, "", name));
        user.putObject("spec").putArray("tenants").addObject().put("name", "acme");
        client.create(BuiltinTypes.USERS, Tenant.SYSTEM, user);
    }

    private void create(ResourceType type, String namespace, String name) {
        client.create(type, ACME, Objects.named(new ObjectKey(ACME, namespace, name)));
    }
}
