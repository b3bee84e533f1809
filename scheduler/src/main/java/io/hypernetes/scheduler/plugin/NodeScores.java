package io.hypernetes.scheduler.plugin;

import io.hypernetes.scheduler.cluster.Cluster;
import io.hypernetes.scheduler.cluster.NodeState;
import io.hypernetes.scheduler.cluster.NodeView;
import io.hypernetes.scheduler.cluster.PodView;

import java.util.List;
import java.util.Optional;

/** The scores that look at a node's own words: taints to avoid, preferred labels, images. */
final class NodeScores {

    private static final long SMALLEST_IMAGE = 23L << 20;
    private static final long LARGEST_IMAGE = 1000L << 20;

    private NodeScores() {}

    /** TaintToleration: the fewer PreferNoSchedule taints that are not tolerated. */
    record Taints() implements Score {
        @Override
        public int weight() {
            return 3;
        }

        @Override
        public Optional<NodeScore> prepare(PodView pod, Cluster cluster, List<NodeState> nodes) {
            return cluster.hasNodesToAvoid() ? Optional.of(new Avoided(pod)) : Optional.empty();
        }

        private record Avoided(PodView pod) implements NodeScore {
            @Override
            public long of(NodeState node) {
                return node.view().taints().stream()
                        .filter(taint -> !taint.repels() && !pod.tolerates(taint))
                        .count();
            }

            @Override
            public void finish(long[] scores, List<NodeState> nodes) {
                Score.normalize(scores, true);
            }
        }
    }

    /** NodeAffinity: the weights of the preferred terms that match. */
    record Affinity() implements Score {
        @Override
        public int weight() {
            return 2;
        }

        @Override
        public Optional<NodeScore> prepare(PodView pod, Cluster cluster, List<NodeState> nodes) {
            return pod.preferredNodes().isEmpty()
                    ? Optional.empty()
                    : Optional.of(new Preferred(pod));
        }

        private record Preferred(PodView pod) implements NodeScore {
            @Override
            public long of(NodeState node) {
                return pod.preferredNodes().stream()
                        .filter(preferred ->
                                preferred.term().matches(node.name(), node.view().labels()))
                        .mapToLong(PodView.PreferredNode::weight)
                        .sum();
            }

            @Override
            public void finish(long[] scores, List<NodeState> nodes) {
                Score.normalize(scores, false);
            }
        }
    }

    /** ImageLocality: how much of the images is there, less for images that few nodes have. */
    record Images() implements Score {
        @Override
        public int weight() {
            return 1;
        }

        @Override
        public Optional<NodeScore> prepare(PodView pod, Cluster cluster, List<NodeState> nodes) {
            List<String> wanted =
                    pod.images().stream()
                            .map(Images::named)
                            .filter(image -> cluster.nodesWith(image) > 0)
                            .toList();
            if (wanted.isEmpty()) {
                return Optional.empty();
            }
            int total = cluster.nodes().size();
            long most = LARGEST_IMAGE * pod.images().size();
            return Optional.of(node -> {
                long sum = 0;
                for (String image : wanted) {
                    sum += present(node.view(), image) * cluster.nodesWith(image) / total;
                }
                return MOST
                        * (Math.clamp(sum, SMALLEST_IMAGE, most) - SMALLEST_IMAGE)
                        / (most - SMALLEST_IMAGE);
            });
        }

        private static long present(NodeView node, String image) {
            return node.images().getOrDefault(image, 0L);
        }

        /** Nodes name their images with a tag. */
        private static String named(String image) {
            return image.lastIndexOf(':') <= image.lastIndexOf('/') ? image + ":latest" : image;
        }
    }
}
