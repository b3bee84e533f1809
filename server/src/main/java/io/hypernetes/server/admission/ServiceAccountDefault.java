package io.hypernetes.server.admission;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.server.registry.Reads;
import io.hypernetes.server.registry.Served;
import io.hypernetes.store.Compare;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A pod runs under a service account: the one it names, which must exist, or {@code default}. Its
 * containers find the account's token, the authority's certificate and the namespace's name as
 * files, unless pod or account say that they do not want them.
 */
final class ServiceAccountDefault implements AdmissionController {
    private static final String DEFAULT = "default";
    private static final String VOLUME_PREFIX = "kube-api-access-";
    private static final String MOUNT_PATH = "/var/run/secrets/kubernetes.io/serviceaccount";

    /** An hour and a bit, so that it can be told from a wish of the user's. */
    private static final int EXPIRATION_SECONDS = 3607;

    private static final int READABLE = 0644;

    /** Without vowels and what looks alike, as upstream's generated names. */
    private static final String ALPHABET = "bcdfghjklmnpqrstvwxz2456789";

    private final Reads reads;

    ServiceAccountDefault(Reads reads) {
        this.reads = reads;
    }

    @Override
    public void mutate(AdmissionRequest request) {
        if (!request.creates(BuiltinTypes.PODS)
                || !(request.object().get("spec") instanceof ObjectNode spec)
                // A static pod runs as its node's file says, whatever is told of it here.
                || MirrorPods.isMirror(request.object())) {
            return;
        }
        String name =
                spec.path("serviceAccountName").asString(spec.path("serviceAccount").asString(""));
        if (name.isEmpty()) {
            name = DEFAULT;
        }
        spec.put("serviceAccountName", name);
        spec.put("serviceAccount", name);
        Optional<Served> account = account(request, name);
        if (wantsToken(spec, account)) {
            mountToken(spec);
        }
        JsonNode pullSecrets =
                account.map(a -> a.tree().path("imagePullSecrets")).orElse(spec.path(""));
        if (spec.path("imagePullSecrets").isEmpty() && !pullSecrets.isEmpty()) {
            spec.set("imagePullSecrets", pullSecrets.deepCopy());
        }
    }

    private Optional<Served> account(AdmissionRequest request, String name) {
        return reads.find(
                BuiltinTypes.SERVICE_ACCOUNTS, request.call().tenant(), request.namespace(), name);
    }

    private static boolean wantsToken(ObjectNode spec, Optional<Served> account) {
        String field = "automountServiceAccountToken";
        JsonNode own = spec.path(field);
        return own.isBoolean()
                ? own.booleanValue()
                : account.map(a -> a.tree().path(field).asBoolean(true)).orElse(true);
    }

    private static void mountToken(ObjectNode spec) {
        Optional<String> present = presentVolume(spec);
        String volume = present.orElseGet(ServiceAccountDefault::volumeName);
        boolean mounted = false;
        for (String list : List.of("initContainers", "containers")) {
            for (JsonNode node : spec.path(list)) {
                if (node instanceof ObjectNode container && !isMounted(container)) {
                    container
                            .withArray("volumeMounts")
                            .addObject()
                            .put("name", volume)
                            .put("readOnly", true)
                            .put("mountPath", MOUNT_PATH);
                    mounted = true;
                }
            }
        }
        if (mounted && present.isEmpty()) {
            addVolume(spec, volume);
        }
    }

    private static Optional<String> presentVolume(ObjectNode spec) {
        for (JsonNode volume : spec.path("volumes")) {
            String name = volume.path("name").asString("");
            if (name.startsWith(VOLUME_PREFIX) && volume.path("projected").isObject()) {
                return Optional.of(name);
            }
        }
        return Optional.empty();
    }

    private static boolean isMounted(ObjectNode container) {
        for (JsonNode mount : container.path("volumeMounts")) {
            if (mount.path("mountPath").asString("").equals(MOUNT_PATH)) {
                return true;
            }
        }
        return false;
    }

    private static String volumeName() {
        StringBuilder name = new StringBuilder(VOLUME_PREFIX);
        for (int i = 0; i < 5; i++) {
            name.append(ALPHABET.charAt(ThreadLocalRandom.current().nextInt(ALPHABET.length())));
        }
        return name.toString();
    }

    private static void addVolume(ObjectNode spec, String name) {
        ObjectNode volume = spec.withArray("volumes").addObject().put("name", name);
        ObjectNode projected = volume.putObject("projected");
        var sources = projected.putArray("sources");
        sources.addObject()
                .putObject("serviceAccountToken")
                .put("expirationSeconds", EXPIRATION_SECONDS)
                .put("path", "token");
        ObjectNode certificate = sources.addObject().putObject("configMap");
        certificate.put("name", "kube-root-ca.crt");
        certificate.putArray("items").addObject().put("key", "ca.crt").put("path", "ca.crt");
        ObjectNode item =
                sources.addObject().putObject("downwardAPI").putArray("items").addObject();
        item.put("path", "namespace");
        item.putObject("fieldRef").put("apiVersion", "v1").put("fieldPath", "metadata.namespace");
        projected.put("defaultMode", READABLE);
    }

    @Override
    public List<Compare> validate(AdmissionRequest request) {
        if (!request.creates(BuiltinTypes.PODS)) {
            return List.of();
        }
        String name = request.object().path("spec").path("serviceAccountName").asString("");
        if (name.isEmpty()) { // a mirror of a static pod
            return List.of();
        }
        // The default account is made by a controller and may come a moment after its namespace.
        if (!name.equals(DEFAULT) && account(request, name).isEmpty()) {
            throw ApiException.forbidden(
                    request.type().id(),
                    request.name(),
                    "error looking up service account "
                            + request.namespace()
                            + "/"
                            + name
                            + ": serviceaccount \""
                            + name
                            + "\" not found");
        }
        return List.of();
    }
}
