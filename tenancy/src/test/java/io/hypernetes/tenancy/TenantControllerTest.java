package io.hypernetes.tenancy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.DeleteOptions;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.api.types.WorldTypes;
import io.hypernetes.api.types.networking.ServiceRanges;
import io.hypernetes.identity.account.Account;
import io.hypernetes.identity.account.MemberRole;
import io.hypernetes.memoryclient.MemoryClient;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import tools.jackson.databind.node.ObjectNode;

import java.time.Clock;
import java.util.Optional;

final class TenantControllerTest {

    private static final Tenant ACME = new Tenant("acme");
    private static final Tenant GLOBEX = new Tenant("globex");

    private final MemoryClient client = new MemoryClient();
    private TenantController controller;

    @BeforeEach
    void start() {
        SystemWorld.bootstrap(client);
        controller = controller();
        tenant(ACME, "10.1.0.0/16");
        tenant(GLOBEX, "");
        await().until(() -> phase(ACME).equals("Active") && phase(GLOBEX).equals("Active"));
    }

    @AfterEach
    void stop() {
        controller.close();
    }

    @Test
    void aNewTenantHasItsFirstNamespacesAndANetwork() {
        for (String name : new String[] {"default", "kube-system", "kube-public"}) {
            assertThat(exists(BuiltinTypes.NAMESPACES, ACME, "", name)).isTrue();
        }
        assertThat(cidr(ACME)).isEqualTo("10.1.0.0/16");
        assertThat(cidr(GLOBEX)).isEqualTo("10.0.0.0/24");
        assertThat(object(ACME).path("status").path("conditions").path(0).path("status").asString())
                .isEqualTo("True");
    }

    @Test
    void aNewTenantFindsTheApiByAServiceOfItsOwn() {
        ObjectKey key = new ObjectKey(ACME, "default", "kubernetes");
        ObjectNode service = client.get(BuiltinTypes.SERVICES, key);
        assertThat(service.at("/spec/clusterIP").asString()).isEqualTo("10.96.0.1");
        assertThat(service.at("/spec/clusterIPs").toString())
                .isEqualTo("[\"10.96.0.1\",\"fd00:10:96::1\"]");
        assertThat(service.at("/spec/ports/0/targetPort").asInt()).isEqualTo(6443);
        ObjectNode slice = client.get(BuiltinTypes.ENDPOINT_SLICES, key);
        assertThat(slice.at("/endpoints/0/addresses/0").asString()).isEqualTo("192.0.2.7");
        ObjectNode endpoints = client.get(BuiltinTypes.ENDPOINTS, key);
        assertThat(endpoints.at("/subsets/0/addresses/0/ip").asString()).isEqualTo("192.0.2.7");
        assertThat(endpoints.at("/subsets/0/ports/0/port").asInt()).isEqualTo(6443);
    }

    @Test
    void aDeletedTenantTakesItsWorldAlongInOrderAndNothingElse() {
        runningPod(ACME);
        runningPod(GLOBEX);
        create(BuiltinTypes.CLUSTER_ROLES, ACME, "", "own");
        ObjectNode network = client.get(BuiltinTypes.NETWORKS, new ObjectKey(ACME, "", "default"));
        network.withObject("metadata").putArray("finalizers").add("hypernetes.io/network");
        client.update(BuiltinTypes.NETWORKS, ACME, network);

        delete(BuiltinTypes.TENANTS, Tenant.SYSTEM, "", "acme");

        await().until(() -> message().contains("1 pods"));
        assertThat(exists(BuiltinTypes.NETWORKS, ACME, "", "default")).isTrue();
        delete(BuiltinTypes.PODS, ACME, "default", "p");
        await().until(() -> message().contains("1 networks"));
        assertThat(exists(BuiltinTypes.CLUSTER_ROLES, ACME, "", "own")).isTrue();
        new Objects(client)
                .removeFinalizer(
                        BuiltinTypes.NETWORKS,
                        new ObjectKey(ACME, "", "default"),
                        "hypernetes.io/network");
        await().until(() -> !exists(BuiltinTypes.TENANTS, Tenant.SYSTEM, "", "acme"));

        assertThat(exists(BuiltinTypes.CLUSTER_ROLES, ACME, "", "own")).isFalse();
        assertThat(exists(BuiltinTypes.PODS, GLOBEX, "default", "p")).isTrue();
        assertThat(exists(BuiltinTypes.CLUSTER_ROLES, Tenant.SYSTEM, "", "view")).isTrue();
    }

    @Test
    void aDeletionGoesOnAfterARestart() {
        runningPod(ACME);
        delete(BuiltinTypes.TENANTS, Tenant.SYSTEM, "", "acme");
        controller.close();
        delete(BuiltinTypes.PODS, ACME, "default", "p");

        controller = controller();

        await().until(() -> !exists(BuiltinTypes.TENANTS, Tenant.SYSTEM, "", "acme"));
        assertThat(exists(BuiltinTypes.NAMESPACES, ACME, "", "default")).isFalse();
    }

    @Test
    void membershipsEndWithTheTenant() {
        Users users = new Users(client);
        users.create("alice", ACME, MemberRole.ADMIN, "pw");
        users.join("alice", GLOBEX, MemberRole.MEMBER);

        delete(BuiltinTypes.TENANTS, Tenant.SYSTEM, "", "acme");
        await().until(() -> !exists(BuiltinTypes.TENANTS, Tenant.SYSTEM, "", "acme"));

        Account alice =
                Account.of(
                        client.get(BuiltinTypes.USERS, new ObjectKey(Tenant.SYSTEM, "", "alice")));
        assertThat(alice.tenants()).containsExactly(GLOBEX);
        assertThat(alice.home()).contains(GLOBEX);
    }

    @Test
    void whoIsInNoOtherTenantGoesWithIt() {
        Users users = new Users(client);
        users.create("alice", ACME, MemberRole.ADMIN, "pw");
        users.create("bob", ACME, MemberRole.MEMBER, "pw");
        users.join("bob", GLOBEX, MemberRole.MEMBER);
        users.create("carol", GLOBEX, MemberRole.MEMBER, "pw");

        delete(BuiltinTypes.TENANTS, Tenant.SYSTEM, "", "acme");
        await().until(() -> !exists(BuiltinTypes.TENANTS, Tenant.SYSTEM, "", "acme"));

        assertThat(exists(BuiltinTypes.USERS, Tenant.SYSTEM, "", "alice")).isFalse();
        assertThat(exists(BuiltinTypes.USERS, Tenant.SYSTEM, "", "bob")).isTrue();
        assertThat(exists(BuiltinTypes.USERS, Tenant.SYSTEM, "", "carol")).isTrue();
    }

    private TenantController controller() {
        ServerAddress server = new ServerAddress("192.0.2.7", 6443, true);
        return new TenantController(
                        client,
                        WorldTypes.BUILTIN,
                        Clock.systemUTC(),
                        ServiceRanges.DEFAULT,
                        () -> Optional.of(server))
                .start();
    }

    private void tenant(Tenant tenant, String cidr) {
        ObjectNode object = Objects.named(new ObjectKey(Tenant.SYSTEM, "", tenant.name()));
        if (!cidr.isEmpty()) {
            object.putObject("spec").putObject("network").put("cidr", cidr);
        }
        client.create(BuiltinTypes.TENANTS, Tenant.SYSTEM, object);
    }

    private ObjectNode object(Tenant tenant) {
        return client.get(BuiltinTypes.TENANTS, new ObjectKey(Tenant.SYSTEM, "", tenant.name()));
    }

    private String phase(Tenant tenant) {
        return object(tenant).path("status").path("phase").asString("");
    }

    private String message() {
        return object(ACME).path("status").path("conditions").path(0).path("message").asString("");
    }

    private String cidr(Tenant tenant) {
        return client.get(BuiltinTypes.NETWORKS, new ObjectKey(tenant, "", "default"))
                .path("spec")
                .path("cidr")
                .asString();
    }

    /** A pod that its node must stop first. */
    private void runningPod(Tenant tenant) {
        ObjectNode pod = Objects.named(new ObjectKey(tenant, "default", "p"));
        pod.putObject("spec").put("nodeName", "n1").put("terminationGracePeriodSeconds", 30);
        client.create(BuiltinTypes.PODS, tenant, pod);
    }

    private void create(ResourceType type, Tenant tenant, String namespace, String name) {
        client.create(type, tenant, Objects.named(new ObjectKey(tenant, namespace, name)));
    }

    private void delete(ResourceType type, Tenant tenant, String namespace, String name) {
        client.delete(type, new ObjectKey(tenant, namespace, name), DeleteOptions.NOW);
    }

    private boolean exists(ResourceType type, Tenant tenant, String namespace, String name) {
        return client.find(type, new ObjectKey(tenant, namespace, name)).isPresent();
    }
}
