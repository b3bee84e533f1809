package io.hypernetes.api.types.core;

import static io.hypernetes.api.types.kind.Trees.child;
import static io.hypernetes.api.types.kind.Trees.has;
import static io.hypernetes.api.types.kind.Trees.objects;
import static io.hypernetes.api.types.kind.Trees.setDefault;
import static io.hypernetes.api.types.kind.Trees.text;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.regex.Pattern;

/** What a pod's spec means where it says nothing (core/v1 defaults). */
final class PodDefaults {

    private static final int FILE_MODE = 0644;

    /** A name of 255 characters, a tag and a digest. */
    private static final int LONGEST_IMAGE = 600;

    /** The grammar of references that all registries share: [domain/]path[:tag][@digest]. */
    private static final Pattern IMAGE =
            Pattern.compile(
                    "([A-Za-z0-9][A-Za-z0-9.-]*(:[0-9]+)?/)?[a-z0-9]+(([._]|__|-+)[a-z0-9]+)*"
                        + "(/[a-z0-9]+(([._]|__|-+)[a-z0-9]+)*)*(:\\w[\\w.-]{0,127})?"
                        + "(@[A-Za-z][A-Za-z0-9]*([-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,})?");

    private PodDefaults() {}

    /** As a pod's, without what only the making of a pod decides. */
    static void applyTemplate(ObjectNode spec) {
        common(spec);
    }

    static void apply(ObjectNode spec) {
        common(spec);
        setDefault(spec, "enableServiceLinks", true);
        if (spec.path("hostNetwork").asBoolean(false)) {
            hostPorts(spec);
        }
        for (String list : List.of("initContainers", "containers")) {
            for (ObjectNode container : objects(spec.path(list))) {
                Resources.requestLimits(child(container, "resources"));
            }
        }
        if (spec.get("resources") instanceof ObjectNode resources) {
            Resources.requestLimits(resources);
        }
    }

    private static void common(ObjectNode spec) {
        setDefault(spec, "restartPolicy", "Always");
        setDefault(spec, "dnsPolicy", "ClusterFirst");
        setDefault(spec, "terminationGracePeriodSeconds", 30);
        setDefault(spec, "schedulerName", "default-scheduler");
        child(spec, "securityContext");
        serviceAccount(spec);
        Resources.canonicalize(spec.path("resources"));
        Resources.canonicalizeList(spec.path("overhead"));
        for (String list : ContainerLists.ALL) {
            objects(spec.path(list)).forEach(PodDefaults::container);
        }
        objects(spec.path("volumes")).forEach(PodDefaults::volume);
    }

    /** The older name of the field is kept in step, for clients that read it. */
    private static void serviceAccount(ObjectNode spec) {
        String name = text(spec, "serviceAccountName");
        if (name.isEmpty()) {
            name = text(spec, "serviceAccount");
        }
        if (!name.isEmpty()) {
            spec.put("serviceAccountName", name);
            spec.put("serviceAccount", name);
        }
    }

    /** On the node's network a port of the container is one of the node. */
    private static void hostPorts(ObjectNode spec) {
        for (String list : List.of("initContainers", "containers")) {
            for (ObjectNode container : objects(spec.path(list))) {
                for (ObjectNode port : objects(container.path("ports"))) {
                    if (port.path("hostPort").asLong(0) == 0 && has(port, "containerPort")) {
                        port.set("hostPort", port.path("containerPort"));
                    }
                }
            }
        }
    }

    private static void container(ObjectNode container) {
        setDefault(container, "imagePullPolicy", pullPolicy(text(container, "image")));
        setDefault(container, "terminationMessagePath", "/dev/termination-log");
        setDefault(container, "terminationMessagePolicy", "File");
        objects(container.path("ports")).forEach(port -> setDefault(port, "protocol", "TCP"));
        for (String probe : List.of("livenessProbe", "readinessProbe", "startupProbe")) {
            if (container.get(probe) instanceof ObjectNode settings) {
                probe(settings);
            }
        }
        for (String hook : List.of("postStart", "preStop")) {
            httpGet(container.path("lifecycle").path(hook));
        }
        for (ObjectNode variable : objects(container.path("env"))) {
            fieldVersion(variable.path("valueFrom"));
        }
        Resources.canonicalize(child(container, "resources"));
    }

    private static void probe(ObjectNode probe) {
        number(probe, "timeoutSeconds", 1);
        number(probe, "periodSeconds", 10);
        number(probe, "successThreshold", 1);
        number(probe, "failureThreshold", 3);
        httpGet(probe);
        if (probe.path("grpc") instanceof ObjectNode call && !has(call, "service")) {
            call.put("service", "");
        }
    }

    /** Zero means the default, too. */
    private static void number(ObjectNode probe, String field, int value) {
        if (probe.path(field).asLong(0) == 0) {
            probe.put(field, value);
        }
    }

    private static void httpGet(JsonNode handler) {
        if (handler.path("httpGet") instanceof ObjectNode request) {
            setDefault(request, "path", "/");
            setDefault(request, "scheme", "HTTP");
        }
    }

    private static void fieldVersion(JsonNode source) {
        if (source.path("fieldRef") instanceof ObjectNode field) {
            setDefault(field, "apiVersion", "v1");
        }
    }

    private static void volume(ObjectNode volume) {
        if (volume.size() == (volume.has("name") ? 1 : 0)) {
            volume.putObject("emptyDir");
        }
        for (String source : List.of("configMap", "secret", "downwardAPI", "projected")) {
            if (volume.get(source) instanceof ObjectNode files) {
                setDefault(files, "defaultMode", FILE_MODE);
            }
        }
        for (ObjectNode item : objects(volume.path("downwardAPI").path("items"))) {
            fieldVersion(item);
        }
        for (ObjectNode source : objects(volume.path("projected").path("sources"))) {
            if (source.get("serviceAccountToken") instanceof ObjectNode token) {
                setDefault(token, "expirationSeconds", 3600);
            }
            objects(source.path("downwardAPI").path("items")).forEach(PodDefaults::fieldVersion);
        }
        if (volume.get("hostPath") instanceof ObjectNode path && !has(path, "type")) {
            path.put("type", "");
        }
        otherVolumes(volume);
    }

    private static void otherVolumes(ObjectNode volume) {
        if (volume.get("iscsi") instanceof ObjectNode iscsi) {
            setDefault(iscsi, "iscsiInterface", "default");
        }
        if (volume.get("rbd") instanceof ObjectNode rbd) {
            setDefault(rbd, "pool", "rbd");
            setDefault(rbd, "user", "admin");
            setDefault(rbd, "keyring", "/etc/ceph/keyring");
        }
        if (volume.get("azureDisk") instanceof ObjectNode disk) {
            setDefault(disk, "cachingMode", "ReadWrite");
            setDefault(disk, "kind", "Shared");
            setDefault(disk, "fsType", "ext4");
            setDefault(disk, "readOnly", false);
        }
        if (volume.get("scaleIO") instanceof ObjectNode scale) {
            setDefault(scale, "storageMode", "ThinProvisioned");
            setDefault(scale, "fsType", "xfs");
        }
        if (volume.get("image") instanceof ObjectNode image) {
            setDefault(image, "pullPolicy", pullPolicy(text(image, "reference")));
        }
        if (volume.path("ephemeral").path("volumeClaimTemplate") instanceof ObjectNode claim) {
            setDefault(child(claim, "spec"), "volumeMode", "Filesystem");
        }
    }

    /** A tag that moves is pulled each time; a digest or another tag stays what it is. */
    private static String pullPolicy(String image) {
        if (image.length() > LONGEST_IMAGE || !IMAGE.matcher(image).matches()) {
            return "IfNotPresent"; // a name that nobody can pull has no tag, as upstream
        }
        String name = image.substring(image.lastIndexOf('/') + 1);
        if (name.contains("@")) {
            return "IfNotPresent";
        }
        int colon = name.indexOf(':');
        return colon < 0 || name.substring(colon + 1).equals("latest") ? "Always" : "IfNotPresent";
    }
}
