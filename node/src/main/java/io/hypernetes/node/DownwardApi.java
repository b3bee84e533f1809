package io.hypernetes.node;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.quantity.Quantity;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What a pod may know of itself: the fields and resources of "Downward API" (Kubernetes). */
final class DownwardApi {

    private static final Pattern SUBSCRIPT =
            Pattern.compile("metadata\\.(labels|annotations)\\['(.+)']");

    private final String nodeName;
    private final String nodeAddress;
    private final Capacity capacity;

    DownwardApi(String nodeName, String nodeAddress, Capacity capacity) {
        this.nodeName = nodeName;
        this.nodeAddress = nodeAddress;
        this.capacity = capacity;
    }

    /**
     * @throws PodConfigException for a path that is no field of the downward API
     */
    String field(ObjectNode pod, String path, List<String> podIps) {
        Matcher subscript = SUBSCRIPT.matcher(path);
        if (subscript.matches()) {
            return pod.path("metadata")
                    .path(subscript.group(1))
                    .path(subscript.group(2))
                    .asString("");
        }
        return switch (path) {
            case "metadata.name" -> Metadata.name(pod);
            case "metadata.namespace" -> Metadata.namespace(pod);
            case "metadata.uid" -> Metadata.uid(pod);
            case "metadata.labels" -> lines(Metadata.labels(pod));
            case "metadata.annotations" -> lines(Metadata.annotations(pod));
            case "spec.nodeName" -> nodeName;
            case "spec.serviceAccountName" ->
                    pod.path("spec").path("serviceAccountName").asString("");
            case "status.podIP" -> podIps.isEmpty() ? "" : podIps.getFirst();
            case "status.podIPs" -> String.join(",", podIps);
            case "status.hostIP", "status.hostIPs" -> nodeAddress;
            default ->
                    throw new PodConfigException(
                            "CreateContainerConfigError",
                            "unsupported fieldPath: " + path + ": see the downward API's fields");
        };
    }

    /** {@code limits.memory} and its like, divided by the divisor, rounded up. */
    String resource(ObjectNode pod, JsonNode container, JsonNode reference) {
        JsonNode source = container;
        String named = reference.path("containerName").asString("");
        for (JsonNode candidate : pod.path("spec").path("containers")) {
            if (!named.isEmpty() && candidate.path("name").asString("").equals(named)) {
                source = candidate;
            }
        }
        String resource = reference.path("resource").asString("");
        String[] parts = resource.split("\\.", 2);
        String text = amount(source, parts);
        if (text.isEmpty() && parts[0].equals("limits")) {
            text = amount(pod.path("spec"), parts); // of the pod as a whole (KEP-2837)
        }
        boolean cpu = resource.endsWith("cpu");
        long milli;
        if (!text.isEmpty()) {
            milli = Quantity.parse(text).milliValue();
        } else if (resource.startsWith("limits.")) {
            milli = cpu ? capacity.milliCpu() : Math.multiplyExact(capacity.memoryBytes(), 1000L);
        } else {
            milli = 0;
        }
        String divisor = reference.path("divisor").asString("0");
        long unit = divisor.equals("0") ? 1000 : Quantity.parse(divisor).milliValue();
        return Long.toString(Math.ceilDiv(milli, Math.max(1, unit)));
    }

    private static String amount(JsonNode owner, String[] parts) {
        return owner.path("resources").path(parts[0]).path(parts[parts.length - 1]).asString("");
    }

    private static String lines(Map<String, String> texts) {
        return texts.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(entry ->
                        entry.getKey() + "=\"" + entry.getValue().replace("\"", "\\\"") + "\"")
                .collect(Collectors.joining("\n"));
    }
}
