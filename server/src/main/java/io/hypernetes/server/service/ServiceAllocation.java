package io.hypernetes.server.service;

import io.hypernetes.api.ResourceType;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.api.types.core.ServiceSpec;
import io.hypernetes.server.admission.Charge;
import io.hypernetes.server.registry.Reads;
import io.hypernetes.server.registry.Served;

import tools.jackson.databind.node.ObjectNode;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;

/**
 * Fills in what the server gives to a service, and says what must be written with it. Called when
 * admission has had its say and before the rules are checked, as upstream does.
 */
public final class ServiceAllocation {
    private final Reads reads;
    private final ClusterAddresses addresses;
    private final NodePorts nodePorts;

    public ServiceAllocation(Reads reads) {
        RandomGenerator random = new ThreadRandom();
        this.reads = reads;
        this.addresses = new ClusterAddresses(reads, random);
        this.nodePorts = new NodePorts(reads, random);
    }

    /** Threads are virtual and many; each asks for its own generator when it needs a number. */
    private static final class ThreadRandom implements RandomGenerator {
        @Override
        public long nextLong() {
            return ThreadLocalRandom.current().nextLong();
        }
    }

    /**
     * @param service a new one of {@code type}, if that is services; else nothing happens
     */
    public Charge create(ResourceType type, Tenant tenant, ObjectNode service) {
        return isService(type) ? allocate(tenant, service, Optional.empty()) : Charge.NOTHING;
    }

    public Charge update(
            ResourceType type,
            String subresource,
            Tenant tenant,
            ObjectNode service,
            ObjectNode old) {
        return isService(type) && subresource.isEmpty()
                ? allocate(tenant, service, Optional.of(old))
                : Charge.NOTHING;
    }

    /** What a service gives back that goes. */
    public Charge delete(ResourceType type, Tenant tenant, Served stored) {
        if (!isService(type)) {
            return Charge.NOTHING;
        }
        Taking taking = new Taking();
        ObjectNode service = stored.tree();
        addresses.release(tenant, service, List.of(), taking);
        nodePorts.release(tenant, NodePorts.of(ServiceSpec.of(service)), taking);
        return taking.charge();
    }

    private static boolean isService(ResourceType type) {
        return type.id().equals(BuiltinTypes.SERVICES.id());
    }

    private Charge allocate(Tenant tenant, ObjectNode service, Optional<ObjectNode> old) {
        Taking taking = new Taking();
        Optional<ServiceSpec> before = old.map(ServiceSpec::of);
        AddressRanges ranges = AddressRanges.of(reads, tenant);
        new AddressFamilies(ranges, service).settle(before);
        addresses.allocate(tenant, ranges, service, before, taking);
        Set<Integer> held = before.map(NodePorts::of).orElse(Set.of());
        nodePorts.allocate(tenant, service, before, taking);
        ServiceSpec now = ServiceSpec.of(service);
        old.ifPresent(was -> addresses.release(tenant, was, now.clusterIps(), taking));
        Set<Integer> freed = new HashSet<>(held);
        freed.removeAll(NodePorts.of(now));
        nodePorts.release(tenant, freed, taking);
        return taking.charge();
    }
}
