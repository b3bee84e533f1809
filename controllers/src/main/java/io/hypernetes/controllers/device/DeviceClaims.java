package io.hypernetes.controllers.device;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.controllerruntime.Controller;
import io.hypernetes.controllerruntime.Informer;
import io.hypernetes.controllerruntime.Reconciler;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.Clock;
import java.util.Collection;
import java.util.stream.Stream;

/**
 * Looks after claims for devices, as upstream's resource claim controller: a pod's claims are made
 * of their templates, and each claim says who uses it until that pod is done. Who allocates devices
 * is somebody else.
 */
public final class DeviceClaims implements Reconciler<DeviceClaims.Work>, AutoCloseable {
    private static final int WORKERS = 2;

    /** A pod that has claims, or a claim. */
    sealed interface Work {
        record Pod(ObjectKey key) implements Work {}

        record Claim(ObjectKey key) implements Work {}
    }

    private final Informer pods;
    private final Informer claims;
    private final PodClaims podClaims;
    private final Reservations reservations;
    private final Controller<Work> controller;

    /**
     * @param pods shared; the caller closes it
     */
    public DeviceClaims(Client client, Informer pods, Clock clock) {
        this.pods = pods;
        this.claims = new Informer(client, BuiltinTypes.RESOURCE_CLAIMS).lean();
        this.podClaims = new PodClaims(client, clock);
        this.reservations = new Reservations(client);
        this.controller =
                new Controller<>("resource-claims", WORKERS, this)
                        .watch(pods, (key, pod) -> ofPod(key, pod))
                        .watch(claims, this::ofClaim);
    }

    public DeviceClaims start() {
        controller.start();
        return this;
    }

    @Override
    public void close() {
        controller.close();
        claims.close();
    }

    private static Stream<Work> ofPod(ObjectKey key, ObjectNode pod) {
        if (!PodClaim.hasSome(pod)) {
            return Stream.empty();
        }
        Stream<Work> its =
                PodClaim.of(pod).stream()
                        .flatMap(claim -> claim.claim().stream())
                        .map(name -> new Work.Claim(beside(key, name)));
        return Stream.concat(Stream.of(new Work.Pod(key)), its);
    }

    /** The claim, and the pods that may have waited for it. */
    private Stream<Work> ofClaim(ObjectKey key, ObjectNode claim) {
        Stream<Work> users =
                PodClaim.ownerOf(claim)
                        .map(owner -> Stream.of(owner.name()))
                        .orElseGet(() -> users(key))
                        .map(name -> new Work.Pod(beside(key, name)));
        return Stream.concat(Stream.of(new Work.Claim(key)), users);
    }

    private Stream<String> users(ObjectKey claim) {
        Collection<ObjectNode> neighbours = pods.objects(claim.tenant(), claim.namespace());
        return neighbours.stream()
                .filter(pod -> names(pod, claim.name()))
                .map(Metadata::name)
                .toList()
                .stream();
    }

    private static boolean names(ObjectNode pod, String claim) {
        for (JsonNode entry : pod.path("spec").path("resourceClaims")) {
            if (entry.path("resourceClaimName").asString("").equals(claim)) {
                return true;
            }
        }
        return false;
    }

    private static ObjectKey beside(ObjectKey key, String name) {
        return new ObjectKey(key.tenant(), key.namespace(), name);
    }

    @Override
    public Result reconcile(Work work) {
        switch (work) {
            case Work.Pod(ObjectKey key) -> pods.get(key).ifPresent(pod -> podClaims.see(key, pod));
            case Work.Claim(ObjectKey key) -> reservations.see(key);
        }
        return DONE;
    }
}
