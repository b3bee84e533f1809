package io.hypernetes.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.Metadata;

import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;

/** Upstream's watch.go: config maps come, change and go before the eyes of watchers. */
final class WatchIT {

    private static ObjectNode map(String name, String label) {
        return Objects.tree(
                "{apiVersion: v1, kind: ConfigMap, metadata: {name: %s, labels: {watch: %s}}}"
                        .formatted(name, label));
    }

    private static ObjectNode mutate(Objects maps, String name, int number) {
        return maps.merge(name, "{data: {mutation: '%d'}}".formatted(number));
    }

    private static String mutation(ObjectNode object) {
        return object.path("data").path("mutation").asString("");
    }

    @Upstream(
            "[sig-api-machinery] Watchers should observe add, update, and delete watch"
                    + " notifications on configmaps [Conformance]")
    @InWorlds
    void watchersSeeWhatTheirSelectorsTake(Space space) {
        Objects maps = space.configMaps();
        String since = "resourceVersion=" + Metadata.resourceVersion(maps.listing("")) + "&";
        try (Watching a = maps.watch(since + Objects.labelled("watch=a"));
                Watching b = maps.watch(since + Objects.labelled("watch=b"));
                Watching both = maps.watch(since + Objects.labelled("watch in (a,b)"))) {
            maps.create(map("one", "a"));
            mutate(maps, "one", 1);
            mutate(maps, "one", 2);
            maps.delete("one");
            maps.create(map("two", "b"));
            maps.delete("two");
            for (Watching watch : List.of(a, both)) {
                assertThat(watch.next("ADDED").name()).isEqualTo("one");
                assertThat(mutation(watch.next("MODIFIED").object())).isEqualTo("1");
                assertThat(mutation(watch.next("MODIFIED").object())).isEqualTo("2");
                assertThat(mutation(watch.next("DELETED").object())).isEqualTo("2");
            }
            for (Watching watch : List.of(b, both)) {
                assertThat(watch.next("ADDED").name()).isEqualTo("two");
                assertThat(watch.next("DELETED").name()).isEqualTo("two");
            }
            assertThat(a.isEmpty()).isTrue();
        }
    }

    @Upstream(
            "[sig-api-machinery] Watchers should be able to start watching from a specific resource"
                    + " version [Conformance]")
    @InWorlds
    void aWatchBeginsAfterItsVersion(Space space) {
        Objects maps = space.configMaps();
        maps.create(map("one", "a"));
        String first = Metadata.resourceVersion(mutate(maps, "one", 1));
        mutate(maps, "one", 2);
        maps.delete("one");
        try (Watching watch =
                maps.watch(Objects.labelled("watch=a") + "&resourceVersion=" + first)) {
            assertThat(mutation(watch.next("MODIFIED").object())).isEqualTo("2");
            assertThat(watch.next("DELETED").name()).isEqualTo("one");
        }
    }

    @Upstream(
            "[sig-api-machinery] Watchers should be able to restart watching from the last resource"
                    + " version observed by the previous watch [Conformance]")
    @InWorlds
    void aWatchGoesOnWhereAnotherEnded(Space space) {
        Objects maps = space.configMaps();
        String last;
        try (Watching watch = maps.watch(Objects.labelled("watch=a"))) {
            maps.create(map("one", "a"));
            mutate(maps, "one", 1);
            watch.next("ADDED");
            last = watch.next("MODIFIED").resourceVersion();
        }
        mutate(maps, "one", 2);
        maps.delete("one");
        try (Watching watch =
                maps.watch(Objects.labelled("watch=a") + "&resourceVersion=" + last)) {
            assertThat(mutation(watch.next("MODIFIED").object())).isEqualTo("2");
            watch.next("DELETED");
        }
    }

    @Upstream(
            "[sig-api-machinery] Watchers should observe an object deletion if it stops meeting the"
                    + " requirements of the selector [Conformance]")
    @InWorlds
    void whatLeavesTheSelectorIsDeletedToItsWatchers(Space space) {
        Objects maps = space.configMaps();
        try (Watching watch = maps.watch(Objects.labelled("watch=a"))) {
            maps.create(map("one", "a"));
            mutate(maps, "one", 1);
            maps.merge("one", "{metadata: {labels: {watch: other}}}");
            watch.next("ADDED");
            watch.next("MODIFIED");
            watch.next("DELETED");
            mutate(maps, "one", 2);
            maps.merge("one", "{metadata: {labels: {watch: a}}}");
            mutate(maps, "one", 3);
            maps.delete("one");
            assertThat(mutation(watch.next("ADDED").object())).isEqualTo("2");
            assertThat(mutation(watch.next("MODIFIED").object())).isEqualTo("3");
            watch.next("DELETED");
        }
    }

    @Upstream(
            "[sig-api-machinery] Watchers should receive events on concurrent watches in same order"
                    + " [Conformance]")
    @InWorlds
    void allWatchersSeeOneOrder(Space space) {
        Objects maps = space.configMaps();
        String start = Metadata.resourceVersion(maps.listing(""));
        int changes = 20;
        List<String> order = new ArrayList<>();
        try (Watching first = maps.watch("resourceVersion=" + start)) {
            Thread writer =
                    Thread.startVirtualThread(() -> {
                        for (int i = 0; i < changes; i++) {
                            String name = "m" + i % 3;
                            if (!maps.exists(name)) {
                                maps.create(map(name, "a"));
                            } else if (i % 5 == 4) {
                                maps.delete(name);
                            } else {
                                mutate(maps, name, i);
                            }
                        }
                    });
            for (int i = 0; i < changes; i++) {
                order.add(first.next().resourceVersion());
            }
            assertThat(writer).isNotNull();
        }
        for (int from = 0; from < changes - 1; from += 3) {
            try (Watching later = maps.watch("resourceVersion=" + order.get(from))) {
                for (int i = from + 1; i < changes; i++) {
                    assertThat(later.next().resourceVersion()).isEqualTo(order.get(i));
                }
            }
        }
    }
}
