package io.hypernetes.node;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.types.BuiltinTypes;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The files of configMap, secret, downwardAPI and projected volumes. */
final class FileVolumes {

    private static final int DEFAULT_MODE = 0644;
    private static final List<String> KINDS =
            List.of("configMap", "secret", "downwardAPI", "projected");

    private final Client client;
    private final DownwardApi downward;
    private final PodTokens tokens;

    FileVolumes(Client client, DownwardApi downward, PodTokens tokens) {
        this.client = client;
        this.downward = downward;
        this.tokens = tokens;
    }

    /**
     * @param volume an entry of the pod's {@code spec.volumes}
     * @return empty when the volume is of another kind
     * @throws PodConfigException FailedMount, when an object or a key that is not optional is
     *     missing
     */
    Optional<List<PodVolume.File>> of(
            Tenant tenant, ObjectNode pod, JsonNode volume, List<String> podIps) {
        for (String kind : List.of("configMap", "secret", "downwardAPI")) {
            if (volume.has(kind)) {
                JsonNode source = volume.get(kind);
                int mode = source.path("defaultMode").asInt(DEFAULT_MODE);
                return Optional.of(files(kind, tenant, pod, source, mode, podIps));
            }
        }
        if (!volume.has("projected")) {
            return Optional.empty();
        }
        JsonNode projected = volume.get("projected");
        int mode = projected.path("defaultMode").asInt(DEFAULT_MODE);
        List<PodVolume.File> files = new ArrayList<>();
        for (JsonNode source : projected.path("sources")) {
            source.properties()
                    .forEach(entry ->
                            files.addAll(
                                    files(
                                            entry.getKey(),
                                            tenant,
                                            pod,
                                            entry.getValue(),
                                            mode,
                                            podIps)));
        }
        return Optional.of(files);
    }

    /** Whether the pod's volume of this name is of files, which nobody in the pod may write. */
    static boolean areIn(ObjectNode pod, String name) {
        for (JsonNode volume : pod.path("spec").path("volumes")) {
            if (volume.path("name").asString("").equals(name)) {
                return KINDS.stream().anyMatch(volume::has);
            }
        }
        return false;
    }

    private List<PodVolume.File> files(
            String kind,
            Tenant tenant,
            ObjectNode pod,
            JsonNode source,
            int mode,
            List<String> podIps) {
        return switch (kind) {
            case "configMap" -> select(configMap(tenant, pod, source), source, mode, "configmap");
            case "secret" -> select(secret(tenant, pod, source), source, mode, "secret");
            case "downwardAPI" -> downward(pod, source, mode, podIps);
            case "serviceAccountToken" ->
                    List.of(
                            new PodVolume.File(
                                    checked(source.path("path").asString("")),
                                    mode,
                                    tokens.issue(tenant, pod, source)));
            default ->
                    throw new PodConfigException(
                            "FailedMount", "projected volumes from " + kind + " are not offered");
        };
    }

    private Map<String, byte[]> configMap(Tenant tenant, ObjectNode pod, JsonNode source) {
        Map<String, byte[]> content = new LinkedHashMap<>();
        find(BuiltinTypes.CONFIG_MAPS, tenant, pod, source, source.path("name").asString(""))
                .ifPresent(map -> {
                    map.path("data")
                            .properties()
                            .forEach(entry ->
                                    content.put(
                                            entry.getKey(),
                                            entry.getValue()
                                                    .asString("")
                                                    .getBytes(StandardCharsets.UTF_8)));
                    putDecoded(content, map.path("binaryData"));
                });
        return content;
    }

    private Map<String, byte[]> secret(Tenant tenant, ObjectNode pod, JsonNode source) {
        Map<String, byte[]> content = new LinkedHashMap<>();
        String name =
                source.has("secretName")
                        ? source.get("secretName").asString("")
                        : source.path("name").asString("");
        find(BuiltinTypes.SECRETS, tenant, pod, source, name)
                .ifPresent(secret -> putDecoded(content, secret.path("data")));
        return content;
    }

    private static void putDecoded(Map<String, byte[]> content, JsonNode data) {
        data.properties()
                .forEach(entry ->
                        content.put(
                                entry.getKey(),
                                Base64.getDecoder().decode(entry.getValue().asString(""))));
    }

    private Optional<ObjectNode> find(
            ResourceType type, Tenant tenant, ObjectNode pod, JsonNode source, String name) {
        Optional<ObjectNode> object =
                client.find(type, new ObjectKey(tenant, Metadata.namespace(pod), name));
        if (object.isEmpty() && !source.path("optional").asBoolean(false)) {
            throw new PodConfigException(
                    "FailedMount", "%s \"%s\" not found".formatted(type.singular(), name));
        }
        return object;
    }

    /** All keys as files, or the listed ones under their paths. */
    private static List<PodVolume.File> select(
            Map<String, byte[]> content, JsonNode source, int mode, String kind) {
        List<PodVolume.File> files = new ArrayList<>();
        if (!source.has("items")) {
            content.forEach((key, bytes) -> files.add(new PodVolume.File(key, mode, bytes)));
            return files;
        }
        for (JsonNode item : source.get("items")) {
            String key = item.path("key").asString("");
            byte[] bytes = content.get(key);
            if (bytes != null) {
                files.add(
                        new PodVolume.File(
                                checked(item.path("path").asString("")),
                                item.path("mode").asInt(mode),
                                bytes));
            } else if (!source.path("optional").asBoolean(false)) {
                throw new PodConfigException(
                        "FailedMount", kind + " references non-existent key: " + key);
            }
        }
        return files;
    }

    private List<PodVolume.File> downward(
            ObjectNode pod, JsonNode source, int mode, List<String> podIps) {
        List<PodVolume.File> files = new ArrayList<>();
        for (JsonNode item : source.path("items")) {
            String text =
                    item.has("fieldRef")
                            ? downward.field(
                                    pod,
                                    item.get("fieldRef").path("fieldPath").asString(""),
                                    podIps)
                            : downward.resource(
                                    pod,
                                    pod.path("spec").path("containers").path(0),
                                    item.path("resourceFieldRef"));
            files.add(
                    new PodVolume.File(
                            checked(item.path("path").asString("")),
                            item.path("mode").asInt(mode),
                            text.getBytes(StandardCharsets.UTF_8)));
        }
        return files;
    }

    /** A path may not leave its volume. Admission refuses these; this is the second lock. */
    private static String checked(String path) {
        if (path.isEmpty() || path.startsWith("/") || List.of(path.split("/")).contains("..")) {
            throw new PodConfigException(
                    "FailedMount", "a volume's path must be relative and without '..': " + path);
        }
        return path;
    }
}
