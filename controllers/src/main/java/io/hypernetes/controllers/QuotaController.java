package io.hypernetes.controllers;

import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.client.ChangeFeed;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.client.Selection;
import io.hypernetes.api.quota.Quota;
import io.hypernetes.api.quota.ResourceList;
import io.hypernetes.api.types.WorldTypes;
import io.hypernetes.controllerruntime.Controller;
import io.hypernetes.controllerruntime.FeedReader;
import io.hypernetes.controllerruntime.Informer;
import io.hypernetes.controllerruntime.Reconciler;

import tools.jackson.databind.node.ObjectNode;

import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Counts what the objects of a namespace use and writes it into its quotas' status. Admission adds
 * what is created; what ends or goes is noticed here, in the change feed.
 *
 * <p>The count is exact: it is written on the condition that the quota is the one that was read
 * before counting, and every creation changes the quota.
 */
public final class QuotaController
        implements Reconciler<ObjectKey>, FeedReader.Listener, AutoCloseable {

    private static final int WORKERS = 2;

    /** Many deletions at once make one count. */
    private static final Duration GATHER = Duration.ofMillis(100);

    /** What admission has added is right; a hand that wrote into the use is put right by then. */
    private static final Duration LOOK_LATER = Duration.ofSeconds(2);

    private final Client client;
    private final QuotaCount count;
    private final Informer quotas;
    private final Controller<ObjectKey> controller;

    /**
     * @param quotaType the built-in type of ResourceQuotas
     * @param reader of the change feed; the caller starts it afterwards
     */
    public QuotaController(
            Client client,
            WorldTypes types,
            ResourceType quotaType,
            FeedReader reader,
            Clock clock) {
        this.client = client;
        this.count = new QuotaCount(client, types, clock);
        this.quotas = new Informer(client, quotaType).lean();
        this.controller =
                new Controller<ObjectKey>("resource-quota", WORKERS, this)
                        .watchKeys(quotas, _ -> Stream.empty());
        quotas.listen(this::changed);
        reader.listen(this);
    }

    public QuotaController start() {
        controller.start();
        return this;
    }

    @Override
    public void close() {
        controller.close();
        quotas.close();
    }

    @Override
    public void seen(ChangeFeed.Item item) {
        ObjectKey key = item.key();
        if (key.namespace().isEmpty() || !QuotaCount.mayBeLess(item)) {
            return;
        }
        for (ObjectNode quota : quotas.objects(key.tenant(), key.namespace())) {
            controller.enqueue(
                    new ObjectKey(
                            key.tenant(),
                            key.namespace(),
                            quota.path("metadata").path("name").asString("")),
                    GATHER);
        }
    }

    private void changed(ObjectKey key, Optional<ObjectNode> old, Optional<ObjectNode> current) {
        current.ifPresent(now ->
                controller.enqueue(
                        key,
                        old.filter(before -> haveSameLimits(before, now)).isPresent()
                                ? LOOK_LATER
                                : Duration.ZERO));
    }

    /** Each creation in the namespace changes the use: not each is worth a count. */
    private static boolean haveSameLimits(ObjectNode one, ObjectNode other) {
        return one.path("spec").equals(other.path("spec"))
                && one.path("status").path("hard").equals(other.path("status").path("hard"));
    }

    @Override
    public Result reconcile(ObjectKey key) {
        Optional<ObjectNode> found = client.find(quotas.type(), key);
        if (found.isEmpty()) {
            return DONE;
        }
        ObjectNode quota = found.get();
        Quota limits = Quota.toCount(quota);
        ResourceList used = count.of(Selection.of(key.tenant(), key.namespace()), limits);
        if (QuotaCount.show(quota.withObject("status"), limits, used)) {
            client.updateStatus(quotas.type(), key.tenant(), quota);
        }
        return DONE;
    }
}
