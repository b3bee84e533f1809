package io.hypernetes.node;

import io.grpc.StatusRuntimeException;
import io.hypernetes.api.Metadata;
import io.hypernetes.controllerruntime.Informer;
import io.hypernetes.network.NetworkEngine;
import io.hypernetes.network.NetworkException;
import io.hypernetes.network.PortId;
import io.hypernetes.volume.VolumeException;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Gives back the ports, disks and files of pods that are no more. The pods' own workers do that as
 * a rule; this finds what a crash between two of their steps has left. One virtual thread.
 */
final class Orphans implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Orphans.class);
    private static final Duration PERIOD = Duration.ofMinutes(1);

    private final NetworkEngine network;
    private final PodVolumes volumes;
    private final List<PodWorker> workers;
    private final Informer pods;
    private final Thread thread = Thread.ofVirtual().name("orphans").unstarted(this::run);

    /**
     * @param workers that whose pods have ports and disks first
     */
    Orphans(NetworkEngine network, PodVolumes volumes, List<PodWorker> workers, Informer pods) {
        this.network = network;
        this.volumes = volumes;
        this.workers = workers;
        this.pods = pods;
    }

    void start() {
        thread.start();
    }

    @Override
    public void close() {
        thread.interrupt();
    }

    private void run() {
        try {
            pods.awaitSynced();
            while (true) {
                sweep();
                Thread.sleep(PERIOD);
            }
        } catch (InterruptedException _) {
            LOG.debug("the search for orphans ends");
        }
    }

    /**
     * What is held is read before who lives, so a pod that is just starting is not taken for dead.
     */
    private void sweep() {
        try {
            List<PortId> ports = network.ports();
            Set<String> holders = volumes.holders();
            Set<String> living = living();
            for (PortId port : ports) {
                if (!living.contains(port.podUid())) {
                    LOG.info("port of pod {} of {} is given back", port.podUid(), port.tenant());
                    network.detach(port);
                }
            }
            holders.removeAll(living);
            for (String holder : holders) {
                LOG.info("disks of pod {} are given back", holder);
                volumes.release(holder);
            }
            workers.forEach(worker -> worker.sweep(this::known));
        } catch (NetworkException | VolumeException | StatusRuntimeException e) {
            LOG.warn("orphans are looked for again later: {}", e.getMessage());
        }
    }

    private Set<String> living() {
        Set<String> living = new HashSet<>();
        workers.getFirst().runtime().sandboxes().forEach(sandbox -> living.add(sandbox.uid()));
        living.addAll(known());
        return living;
    }

    private Set<String> known() {
        return pods.objects().stream().map(Metadata::uid).collect(Collectors.toSet());
    }
}
