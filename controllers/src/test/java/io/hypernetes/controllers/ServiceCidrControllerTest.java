package io.hypernetes.controllers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.DeleteOptions;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.api.types.networking.ServiceCidrStrategy;
import io.hypernetes.controllerruntime.FeedReader;
import io.hypernetes.memoryclient.MemoryClient;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import tools.jackson.databind.node.ObjectNode;

import java.time.Clock;
import java.time.Duration;

final class ServiceCidrControllerTest {
    private static final Tenant ACME = new Tenant("acme");

    private final MemoryClient client = new MemoryClient();
    private final FeedReader reader = new FeedReader(client);
    private final ServiceCidrController controller =
            new ServiceCidrController(client, Clock.systemUTC(), reader).start();

    @AfterEach
    void stop() {
        reader.close();
        controller.close();
    }

    private static ObjectKey key(String name) {
        return new ObjectKey(ACME, "", name);
    }

    private void range(String name, String cidr) {
        ObjectNode range = Json.object();
        ObjectNode metadata = range.putObject("metadata").put("name", name);
        metadata.putArray("finalizers").add(ServiceCidrStrategy.FINALIZER);
        range.putObject("spec").putArray("cidrs").add(cidr);
        client.create(BuiltinTypes.SERVICE_CIDRS, ACME, range);
    }

    private void address(String name) {
        ObjectNode address = Json.object();
        address.putObject("metadata").put("name", name);
        client.create(BuiltinTypes.IP_ADDRESSES, ACME, address);
    }

    private boolean isGone(String range) {
        return client.find(BuiltinTypes.SERVICE_CIDRS, key(range)).isEmpty();
    }

    @Test
    void aRangeThatNobodyUsesGoes() {
        range("free", "10.1.0.0/24");
        address("10.2.0.7");
        reader.start();
        client.delete(BuiltinTypes.SERVICE_CIDRS, key("free"), DeleteOptions.DEFAULT);
        await().atMost(Duration.ofMinutes(1)).until(() -> isGone("free"));
    }

    @Test
    void aRangeWaitsForItsAddressesAndSaysSo() {
        range("used", "10.1.0.0/24");
        address("10.1.0.7");
        reader.start();
        client.delete(BuiltinTypes.SERVICE_CIDRS, key("used"), DeleteOptions.DEFAULT);
        await().atMost(Duration.ofMinutes(1))
                .until(() ->
                        client.get(BuiltinTypes.SERVICE_CIDRS, key("used"))
                                .at("/status/conditions/0/reason")
                                .asString("")
                                .equals("Terminating"));
        assertThat(
                        client.get(BuiltinTypes.SERVICE_CIDRS, key("used"))
                                .at("/status/conditions/0/status")
                                .asString())
                .isEqualTo("False");
        client.delete(BuiltinTypes.IP_ADDRESSES, key("10.1.0.7"), DeleteOptions.NOW);
        await().atMost(Duration.ofMinutes(1)).until(() -> isGone("used"));
    }

    @Test
    void anotherRangeMayCoverTheAddresses() {
        range("used", "10.1.0.0/24");
        address("10.1.0.7");
        reader.start();
        client.delete(BuiltinTypes.SERVICE_CIDRS, key("used"), DeleteOptions.DEFAULT);
        range("wider", "10.1.0.0/16");
        await().atMost(Duration.ofMinutes(1)).until(() -> isGone("used"));
    }
}
