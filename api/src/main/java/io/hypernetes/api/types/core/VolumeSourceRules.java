package io.hypernetes.api.types.core;

import io.hypernetes.api.names.Names;
import io.hypernetes.api.quantity.Quantity;
import io.hypernetes.api.types.kind.Field;
import io.hypernetes.api.types.kind.MetadataRules;
import io.hypernetes.api.types.kind.Paths;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** Rules for where the data of a volume come from, one by one. */
final class VolumeSourceRules {

    private static final Pattern IQN =
            Pattern.compile("iqn\\.\\d{4}-\\d{2}\\.([\\p{Alnum}.-]+)(:[^,;*&$|\\s]+)$");
    private static final Pattern EUI = Pattern.compile("eui.\\p{Alnum}{16}");
    private static final Pattern NAA = Pattern.compile("naa.\\p{Alnum}{32}");

    /** Sources whose only rule is that some fields are given. */
    private static final Map<String, List<String>> REQUIRED =
            Map.ofEntries(
                    Map.entry("persistentVolumeClaim", List.of("claimName")),
                    Map.entry("glusterfs", List.of("endpoints", "path")),
                    Map.entry("rbd", List.of("monitors", "image")),
                    Map.entry("cephfs", List.of("monitors")),
                    Map.entry("azureFile", List.of("secretName", "shareName")),
                    Map.entry("vsphereVolume", List.of("volumePath")),
                    Map.entry("photonPersistentDisk", List.of("pdID")),
                    Map.entry("portworxVolume", List.of("volumeID")),
                    Map.entry("scaleIO", List.of("gateway", "system", "volumeName")),
                    Map.entry("quobyte", List.of("volume")),
                    Map.entry("storageos", List.of("volumeName")));

    private static final int MAX_QUOBYTE_TENANT = 64;

    /** As Go's {@code net.SplitHostPort} takes them apart. */
    private static final Pattern HOST_AND_PORT =
            Pattern.compile("(\\[[^\\[\\]]*\\]|[^:\\[\\]]*):[^:\\[\\]]*");

    private VolumeSourceRules() {}

    static void check(String type, Field source, boolean isPod) {
        REQUIRED.getOrDefault(type, List.of()).forEach(field -> source.at(field).required());
        switch (type) {
            case "emptyDir" -> emptyDir(source.at("sizeLimit"));
            case "hostPath" -> hostPath(source);
            case "gitRepo" -> {
                source.at("repository").required();
                Paths.descending(source.at("directory"));
            }
            case "gcePersistentDisk" ->
                    disk(source.named(parent(source) + "persistentDisk"), "pdName");
            case "awsElasticBlockStore" -> disk(source, "volumeID");
            case "secret" -> files(source, "secretName");
            case "configMap" -> files(source, "name");
            case "downwardAPI" -> DownwardRules.volume(source);
            case "projected" -> ProjectionRules.check(source);
            case "nfs" -> nfs(source);
            case "iscsi" -> iscsi(source);
            case "fc" -> fibreChannel(source);
            case "flocker" -> flocker(source);
            case "cinder" -> {
                source.at("volumeID").required();
                reference(source.at("secretRef"));
            }
            case "csi" -> csi(source);
            case "quobyte" -> quobyte(source);
            case "storageos" -> {
                source.at("volumeName").ifGiven().form(Names::dnsLabel);
                source.at("volumeNamespace").ifGiven().form(Names::dnsLabel);
                reference(source.at("secretRef"));
            }
            case "flexVolume" -> flex(source);
            case "azureDisk" -> azureDisk(source);
            case "ephemeral" -> {
                Field template = source.at("volumeClaimTemplate");
                if (template.isSet()) {
                    MetadataRules.ofTemplate(template.at("metadata"));
                    VolumeClaimRules.spec(template.at("spec"));
                } else {
                    template.tellRequired("");
                }
            }
            case "image" -> {
                if (isPod) {
                    source.at("reference").required();
                }
                source.at("pullPolicy").ifGiven().oneOf(ContainerRules.PULL_POLICIES);
            }
            default -> {}
        }
    }

    private static void csi(Field source) {
        VolumeClaimRules.driverName(source.at("driver"));
        Field secret = source.at("nodePublishSecretRef");
        reference(secret);
        if (secret.at("name").isGiven()) {
            // Upstream tells of its name as if it were the volume's.
            source.at("name").with(secret.at("name").value()).form(Names::dnsSubdomain);
        }
    }

    private static void quobyte(Field source) {
        String form = "must be a host:port pair or multiple pairs separated by commas";
        Field registry = source.at("registry");
        if (!registry.isGiven()) {
            registry.tellRequired(form);
        } else if (source.at("tenant").text().length() > MAX_QUOBYTE_TENANT) {
            source.at("tenant")
                    .tellRequired("must be a UUID and may not exceed a length of 64 characters");
        } else {
            for (String pair : registry.text().split(",", -1)) {
                if (!HOST_AND_PORT.matcher(pair).matches()) {
                    registry.invalid(form);
                }
            }
        }
    }

    private static String parent(Field source) {
        return source.path().substring(0, source.path().lastIndexOf('.') + 1);
    }

    private static void emptyDir(Field limit) {
        Quantity size = Resources.parse(limit.value());
        if (size != null && size.signum() < 0) {
            limit.forbidden("SizeLimit field must be a valid resource quantity");
        }
    }

    private static void hostPath(Field source) {
        if (!source.at("path").isGiven()) {
            source.at("path").required();
            return;
        }
        Paths.noBacksteps(source.at("path"));
        if (source.at("type").isSet()) {
            source.at("type")
                    .oneOf(
                            "",
                            "BlockDevice",
                            "CharDevice",
                            "Directory",
                            "DirectoryOrCreate",
                            "File",
                            "FileOrCreate",
                            "Socket");
        }
    }

    private static void disk(Field source, String name) {
        source.at(name).required();
        long partition = source.at("partition").number();
        if (partition < 0 || partition > 255) {
            source.at("partition").invalid("must be between 1 and 255, inclusive");
        }
    }

    /** Of config maps and secrets. */
    static void files(Field source, String name) {
        source.at(name).required();
        mode(source.at("defaultMode"));
        source.at("items").items().forEach(VolumeSourceRules::keyToPath);
    }

    static void keyToPath(Field item) {
        item.at("key").required();
        item.at("path").required();
        Paths.descendingUnreserved(item.at("path"));
        mode(item.at("mode"));
    }

    static void mode(Field mode) {
        if (mode.isSet() && (mode.number() < 0 || mode.number() > 0777)) {
            mode.invalid("must be a number between 0 and 0777 (octal), both inclusive");
        }
    }

    private static void nfs(Field source) {
        source.at("server").required();
        source.at("path").required();
        if (!source.at("path").text().startsWith("/")) {
            source.at("path").invalid(source.at("path").text(), "must be an absolute path");
        }
    }

    private static void iscsi(Field source) {
        source.at("targetPortal").required();
        source.at("iqn").required();
        if (source.at("iqn").isGiven()) {
            initiator(source.at("iqn"));
        }
        source.at("lun").between(0, 255);
        boolean authenticated =
                source.at("chapAuthDiscovery").flag() || source.at("chapAuthSession").flag();
        if (authenticated && !source.at("secretRef").isSet()) {
            source.at("secretRef").tellRequired("");
        }
        if (source.at("initiatorName").isSet()) {
            initiator(source.at("initiatorname").with(source.at("initiatorName").value()));
        }
    }

    private static void initiator(Field name) {
        String text = name.text();
        String kind = text.substring(0, Math.min(3, text.length()));
        boolean good =
                switch (kind) {
                    case "iqn" -> IQN.matcher(text).find();
                    case "eui" -> EUI.matcher(text).matches();
                    case "naa" -> NAA.matcher(text).matches();
                    default -> {
                        name.invalid("must be valid format starting with iqn, eui, or naa");
                        yield true;
                    }
                };
        if (!good) {
            name.invalid("must be valid format");
        }
    }

    private static void fibreChannel(Field source) {
        Field names = source.at("targetWWNs");
        boolean byId = source.at("wwids").isGiven();
        if (!names.isGiven() && !byId) {
            names.tellRequired("must specify either targetWWNs or wwids, but not both");
        }
        if (names.isGiven() && byId) {
            names.invalid("targetWWNs and wwids can not be specified simultaneously");
        }
        if (names.isGiven() && !source.at("lun").isSet()) {
            source.at("lun").tellRequired("lun is required if targetWWNs is specified");
        } else if (names.isGiven()) {
            source.at("lun").between(0, 255);
        }
    }

    private static void flocker(Field source) {
        boolean byName = source.at("datasetName").isGiven();
        boolean byId = source.at("datasetUUID").isGiven();
        if (!byName && !byId) {
            source.tellRequired("one of datasetName and datasetUUID is required");
        }
        if (byName && byId) {
            source.invalid(
                    "resource", "datasetName and datasetUUID can not be specified simultaneously");
        }
        if (source.at("datasetName").text().contains("/")) {
            source.at("datasetName").invalid("must not contain '/'");
        }
    }

    private static void reference(Field secret) {
        if (secret.isSet()) {
            secret.at("name").required();
        }
    }

    private static void flex(Field source) {
        source.at("driver").required();
        for (String option : source.at("options").keys()) {
            String domain = "." + option.split("/", 2)[0].toLowerCase(Locale.ROOT);
            if (domain.endsWith(".kubernetes.io") || domain.endsWith(".k8s.io")) {
                source.at("options")
                        .key(option)
                        .invalid(option, "kubernetes.io and k8s.io namespaces are reserved");
            }
        }
    }

    private static void azureDisk(Field source) {
        source.at("diskName").required();
        Field uri = source.at("diskURI");
        uri.required();
        if (source.at("cachingMode").isSet()) {
            source.at("cachingMode").oneOf("None", "ReadOnly", "ReadWrite");
        }
        Field kind = source.at("kind");
        if (!kind.isSet()) {
            return;
        }
        kind.oneOf("Dedicated", "Managed", "Shared");
        if (kind.is("Managed") && !uri.text().startsWith("/subscriptions/")) {
            uri.notSupported(
                    List.of(
                            "/subscriptions/{sub-id}/resourcegroups/{group-name}/providers/"
                                    + "microsoft.compute/disks/{disk-id}"));
        } else if (!kind.is("Managed") && !uri.text().startsWith("https://")) {
            uri.notSupported(
                    List.of(
                            "https://{account-name}.blob.core.windows.net/{container-name}/"
                                    + "{disk-name}.vhd"));
        }
    }
}
