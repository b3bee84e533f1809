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
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A container's environment: {@code env} and {@code envFrom} of its spec, resolved, with {@code
 * $(NAME)} expanded as in "Define Dependent Environment Variables" of the Kubernetes documentation.
 */
final class Environment {

    private static final String CONFIG_ERROR = "CreateContainerConfigError";

    private final Client client;
    private final DownwardApi downward;
    private final ServiceEnvironment services;

    Environment(Client client, DownwardApi downward) {
        this.client = client;
        this.downward = downward;
        this.services = new ServiceEnvironment(client);
    }

    /** Files that other containers of the pod have left in its volumes. */
    @FunctionalInterface
    interface VolumeFiles {
        /** Empty when there is no such file. */
        Optional<byte[]> read(String volume, String path);
    }

    /**
     * @throws PodConfigException when a ConfigMap, Secret or key that is not optional is missing
     */
    Map<String, String> of(
            Tenant tenant,
            ObjectNode pod,
            JsonNode container,
            List<String> podIps,
            VolumeFiles files) {
        Map<String, String> environment = new LinkedHashMap<>();
        services.addTo(environment, tenant, pod, podIps);
        for (JsonNode source : container.path("envFrom")) {
            addAll(environment, tenant, pod, source);
        }
        for (JsonNode variable : container.path("env")) {
            String name = variable.path("name").asString("");
            if (variable.has("valueFrom")) {
                JsonNode source = variable.get("valueFrom");
                Optional<String> value =
                        source.has("fileKeyRef")
                                ? fromFile(source.get("fileKeyRef"), files)
                                : valueFrom(tenant, pod, container, source, podIps);
                value.ifPresent(given -> environment.put(name, given));
            } else {
                environment.put(name, expand(variable.path("value").asString(""), environment));
            }
        }
        return environment;
    }

    private void addAll(
            Map<String, String> environment, Tenant tenant, ObjectNode pod, JsonNode source) {
        String prefix = source.path("prefix").asString("");
        if (source.has("configMapRef")) {
            object(BuiltinTypes.CONFIG_MAPS, tenant, pod, source.get("configMapRef"))
                    .ifPresent(map ->
                            map.path("data")
                                    .properties()
                                    .forEach(entry ->
                                            environment.put(
                                                    prefix + entry.getKey(),
                                                    entry.getValue().asString(""))));
        }
        if (source.has("secretRef")) {
            object(BuiltinTypes.SECRETS, tenant, pod, source.get("secretRef"))
                    .ifPresent(secret ->
                            secret.path("data")
                                    .properties()
                                    .forEach(entry ->
                                            environment.put(
                                                    prefix + entry.getKey(),
                                                    decoded(entry.getValue()))));
        }
    }

    private Optional<String> valueFrom(
            Tenant tenant,
            ObjectNode pod,
            JsonNode container,
            JsonNode source,
            List<String> podIps) {
        if (source.has("fieldRef")) {
            return Optional.of(
                    downward.field(
                            pod, source.get("fieldRef").path("fieldPath").asString(""), podIps));
        }
        if (source.has("resourceFieldRef")) {
            return Optional.of(downward.resource(pod, container, source.get("resourceFieldRef")));
        }
        if (source.has("configMapKeyRef")) {
            return key(BuiltinTypes.CONFIG_MAPS, tenant, pod, source.get("configMapKeyRef"))
                    .map(value -> value.asString(""));
        }
        if (source.has("secretKeyRef")) {
            return key(BuiltinTypes.SECRETS, tenant, pod, source.get("secretKeyRef"))
                    .map(Environment::decoded);
        }
        throw new PodConfigException(
                CONFIG_ERROR, "an environment variable has a valueFrom of a kind not known here");
    }

    private static Optional<String> fromFile(JsonNode reference, VolumeFiles files) {
        String path = reference.path("path").asString("");
        String key = reference.path("key").asString("");
        Optional<byte[]> file = files.read(reference.path("volumeName").asString(""), path);
        Optional<String> value;
        try {
            value =
                    file.flatMap(content ->
                            EnvFile.value(new String(content, StandardCharsets.UTF_8), key));
        } catch (IllegalArgumentException e) {
            throw new PodConfigException(
                    CONFIG_ERROR, "couldn't parse env file \"" + path + "\": " + e.getMessage());
        }
        if (value.isEmpty() && !reference.path("optional").asBoolean(false)) {
            throw new PodConfigException(
                    CONFIG_ERROR,
                    "environment variable key \"%s\" not found in file \"%s\"%s"
                            .formatted(key, path, file.isEmpty() ? ", which is not there" : ""));
        }
        return value;
    }

    private Optional<JsonNode> key(
            ResourceType type, Tenant tenant, ObjectNode pod, JsonNode reference) {
        Optional<ObjectNode> object = object(type, tenant, pod, reference);
        if (object.isEmpty()) {
            return Optional.empty();
        }
        String key = reference.path("key").asString("");
        JsonNode value = object.get().path("data").get(key);
        if (value != null) {
            return Optional.of(value);
        }
        if (reference.path("optional").asBoolean(false)) {
            return Optional.empty();
        }
        throw new PodConfigException(
                CONFIG_ERROR,
                "couldn't find key %s in %s %s/%s"
                        .formatted(
                                key,
                                type.kind(),
                                Metadata.namespace(pod),
                                reference.path("name").asString("")));
    }

    private Optional<ObjectNode> object(
            ResourceType type, Tenant tenant, ObjectNode pod, JsonNode reference) {
        String name = reference.path("name").asString("");
        Optional<ObjectNode> object =
                client.find(type, new ObjectKey(tenant, Metadata.namespace(pod), name));
        if (object.isEmpty() && !reference.path("optional").asBoolean(false)) {
            throw new PodConfigException(
                    CONFIG_ERROR, "%s \"%s\" not found".formatted(type.singular(), name));
        }
        return object;
    }

    private static String decoded(JsonNode base64) {
        return new String(Base64.getDecoder().decode(base64.asString("")), StandardCharsets.UTF_8);
    }

    /**
     * Replaces {@code $(NAME)} by known variables; {@code $$} stands for one dollar, and what is
     * not known stays as it is written.
     */
    static String expand(String text, Map<String, String> variables) {
        StringBuilder expanded = new StringBuilder(text.length());
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '$' && at + 1 < text.length()) {
                char next = text.charAt(at + 1);
                int end = next == '(' ? text.indexOf(')', at + 2) : -1;
                if (next == '$') {
                    expanded.append('$');
                    at += 2;
                    continue;
                }
                if (end > 0) {
                    String value = variables.get(text.substring(at + 2, end));
                    expanded.append(value == null ? text.substring(at, end + 1) : value);
                    at = end + 1;
                    continue;
                }
            }
            expanded.append(c);
            at++;
        }
        return expanded.toString();
    }
}
