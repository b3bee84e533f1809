package io.hypernetes.server.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hypernetes.api.Tenant;
import io.hypernetes.api.access.Identity;
import io.hypernetes.api.access.UserInfo;
import io.hypernetes.api.schema.Schemas;
import io.hypernetes.server.http.Socket;
import io.hypernetes.server.http.SocketSession;
import io.hypernetes.server.registry.Registry;
import io.hypernetes.store.memory.MemoryStore;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

class GateTest {
    private static final FlowLimits ONE =
            new FlowLimits(2, 1, 0, Duration.ofSeconds(1), 100, 100, 1 << 20, 1, 1);

    private static final Socket SILENT =
            new Socket() {
                @Override
                public Optional<byte[]> receive() {
                    return Optional.empty();
                }

                @Override
                public void send(byte[] message) {}

                @Override
                public void sendText(String message) {}

                @Override
                public void ping() {}

                @Override
                public void close() {}
            };

    private static Session of(String tenant) {
        Tenant world = new Tenant(tenant);
        UserInfo user = new UserInfo("u", "", List.of(), Map.of());
        return new Session(
                new Identity(user, Optional.of(world), Set.of(world), false), Optional.of(world));
    }

    @Test
    void aSessionKeepsItsTenantsSeatUntilItEnds() throws Exception {
        try (MemoryStore store = new MemoryStore();
                Registry registry = Registry.open(store, Schemas.kubernetes())) {
            Gate gate =
                    new Gate(
                            new Authentication(List.of()),
                            new Access(List.of()),
                            registry.reads(),
                            FlowWitness.NOBODY,
                            ONE);
            List<String> ran = new ArrayList<>();
            SocketSession second = gate.seated(of("acme"), socket -> ran.add("second"));
            SocketSession others = gate.seated(of("globex"), socket -> ran.add("other's"));
            gate.seated(
                            of("acme"),
                            socket -> {
                                ran.add("first");
                                assertThatThrownBy(() -> second.run(socket))
                                        .isInstanceOf(IOException.class)
                                        .hasMessageContaining("too many requests");
                                others.run(socket);
                            })
                    .run(SILENT);
            second.run(SILENT);
            assertThat(ran).containsExactly("first", "other's", "second");
        }
    }
}
