package io.hypernetes.cri;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Annotations (and a label) of {@code PodSandboxConfig} that the node agent sets and the runtime
 * reads. A sandbox without them has the loopback interface alone and no volumes. A value that does
 * not have the form given here is an {@link IllegalArgumentException} that names the annotation.
 */
public final class Annotations {

    /**
     * JSON object {@code {tap, mac, addresses, mtu}} with a list of {@code {ip, prefixLength,
     * gateway}}: {@link SandboxNic}. Sandboxes of before IPv6 have one of these in the place of the
     * list, and its {@code ip} is called {@code address}.
     */
    public static final String NIC = "hypernetes.io/nic";

    /**
     * JSON list of {@code {name, fsGroup?}} with one of {@code disk: {path, driver, fsType,
     * readOnly}}, {@code emptyDir: {sizeBytes?}}, {@code files: {hostDirectory?}}: {@link
     * SandboxVolume}.
     */
    public static final String VOLUMES = "hypernetes.io/volumes";

    /**
     * Images whose containers will be made soon, ids or names that are here, one a line: their
     * disks are there when the guest wakes up. Those that are missing are left out.
     */
    public static final String IMAGES = "hypernetes.io/images";

    /** Further lines for {@code /etc/hosts} in every container of the sandbox. */
    public static final String HOSTS = "hypernetes.io/hosts";

    /**
     * Of a listed sandbox, set by the runtime: what its machine waits for. {@code space}: the disk
     * of the node is full, and the machine stands still until it is not.
     */
    public static final String WAITS = "hypernetes.io/waits-for";

    /**
     * Of containers, as upstream's kubelet sets it: the file in which the container may leave a
     * message about its end. Its content becomes the message of the container's status.
     */
    public static final String TERMINATION_MESSAGE_PATH =
            "io.kubernetes.container.terminationMessagePath";

    /**
     * Label of sandboxes and containers, and annotation of {@code ImageSpec}: whose it is. A tenant
     * has image names of its own and may use the images that it has pulled; without it the operator
     * asks, whose images everyone may use.
     */
    public static final String TENANT = "hypernetes.io/tenant";

    private static final int DEFAULT_MTU = 1500;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private Annotations() {}

    public static String write(SandboxNic nic) {
        ObjectNode node = JSON.createObjectNode();
        node.put("tap", nic.tap()).put("mac", nic.mac());
        ArrayNode addresses = node.putArray("addresses");
        for (SandboxNic.Address address : nic.addresses()) {
            addresses
                    .addObject()
                    .put("ip", address.ip())
                    .put("prefixLength", address.prefixLength())
                    .put("gateway", address.gateway());
        }
        return node.put("mtu", nic.mtu()).toString();
    }

    public static String write(List<SandboxVolume> volumes) {
        ArrayNode list = JSON.createArrayNode();
        for (SandboxVolume volume : volumes) {
            ObjectNode node = list.addObject().put("name", volume.name());
            volume.fsGroup().ifPresent(group -> node.put("fsGroup", group));
            switch (volume) {
                case SandboxVolume.Disk disk ->
                        node.putObject("disk")
                                .put("path", disk.path())
                                .put("driver", disk.driver())
                                .put("fsType", disk.fsType())
                                .put("readOnly", disk.readOnly());
                case SandboxVolume.Raw raw ->
                        node.putObject("raw")
                                .put("path", raw.path())
                                .put("driver", raw.driver())
                                .put("readOnly", raw.readOnly());
                case SandboxVolume.EmptyDir dir -> {
                    ObjectNode empty = node.putObject("emptyDir");
                    dir.sizeBytes().ifPresent(size -> empty.put("sizeBytes", size));
                }
                case SandboxVolume.Files files ->
                        node.putObject("files").put("hostDirectory", files.hostDirectory());
            }
        }
        return list.toString();
    }

    /** The NIC of a sandbox with these annotations. */
    public static Optional<SandboxNic> nic(Map<String, String> annotations) {
        String text = annotations.getOrDefault(NIC, "");
        if (text.isEmpty()) {
            return Optional.empty();
        }
        JsonNode node = parse(NIC, text);
        try {
            return Optional.of(
                    new SandboxNic(
                            node.path("tap").asString(""),
                            node.path("mac").asString(""),
                            addresses(node),
                            node.path("mtu").asInt(DEFAULT_MTU)));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("annotation " + NIC + ": " + e.getMessage(), e);
        }
    }

    private static List<SandboxNic.Address> addresses(JsonNode nic) {
        if (nic.has("address")) {
            return List.of(address(nic, "address"));
        }
        return nic.path("addresses").valueStream().map(node -> address(node, "ip")).toList();
    }

    private static SandboxNic.Address address(JsonNode node, String ip) {
        return new SandboxNic.Address(
                node.path(ip).asString(""),
                node.path("prefixLength").asInt(-1),
                node.path("gateway").asString(""));
    }

    /** The volumes of a sandbox with these annotations, in their order. */
    public static List<SandboxVolume> volumes(Map<String, String> annotations) {
        String text = annotations.getOrDefault(VOLUMES, "");
        if (text.isEmpty()) {
            return List.of();
        }
        List<SandboxVolume> volumes = new ArrayList<>();
        for (JsonNode node : parse(VOLUMES, text)) {
            SandboxVolume volume = volume(node);
            if (volumes.stream().anyMatch(other -> other.name().equals(volume.name()))) {
                throw bad(VOLUMES, "two volumes are named '" + volume.name() + "'");
            }
            volumes.add(volume);
        }
        return List.copyOf(volumes);
    }

    private static SandboxVolume volume(JsonNode node) {
        String name = node.path("name").asString("");
        if (!name.matches("[A-Za-z0-9._-]{1,64}")) {
            throw bad(VOLUMES, "not a volume name: '" + name + "'");
        }
        OptionalLong fsGroup = number(node, "fsGroup");
        JsonNode disk = node.path("disk");
        if (disk.isObject()) {
            return new SandboxVolume.Disk(
                    name,
                    disk.path("path").asString(""),
                    disk.path("driver").asString("file"),
                    disk.path("fsType").asString(""),
                    disk.path("readOnly").asBoolean(false),
                    fsGroup);
        }
        JsonNode raw = node.path("raw");
        if (raw.isObject()) {
            return new SandboxVolume.Raw(
                    name,
                    raw.path("path").asString(""),
                    raw.path("driver").asString("file"),
                    raw.path("readOnly").asBoolean(false));
        }
        if (node.path("emptyDir").isObject()) {
            return new SandboxVolume.EmptyDir(
                    name, number(node.path("emptyDir"), "sizeBytes"), fsGroup);
        }
        if (node.path("files").isObject()) {
            return new SandboxVolume.Files(
                    name, node.path("files").path("hostDirectory").asString(""), fsGroup);
        }
        throw bad(VOLUMES, "volume '" + name + "' is none of disk, raw, emptyDir, files");
    }

    private static OptionalLong number(JsonNode node, String field) {
        JsonNode value = node.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return OptionalLong.empty();
        }
        if (!value.isIntegralNumber() || !value.canConvertToLong() || value.asLong() < 0) {
            throw bad(VOLUMES, field + " is not a number of at least 0");
        }
        return OptionalLong.of(value.asLong());
    }

    private static JsonNode parse(String annotation, String text) {
        try {
            return JSON.readTree(text);
        } catch (JacksonException e) {
            throw new IllegalArgumentException("annotation " + annotation + " is not JSON", e);
        }
    }

    private static IllegalArgumentException bad(String annotation, String message) {
        return new IllegalArgumentException("annotation " + annotation + ": " + message);
    }
}
