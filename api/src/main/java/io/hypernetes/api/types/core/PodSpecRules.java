package io.hypernetes.api.types.core;

import io.hypernetes.api.names.Addresses;
import io.hypernetes.api.names.Names;
import io.hypernetes.api.types.kind.Field;
import io.hypernetes.api.types.kind.GoStruct;
import io.hypernetes.api.types.kind.MetadataRules;

import tools.jackson.databind.node.ObjectNode;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Rules for a pod's spec, in a pod and in the templates of workloads alike. */
public final class PodSpecRules {

    static final List<String> TAINT_EFFECTS =
            List.of("NoSchedule", "PreferNoSchedule", "NoExecute");

    private final Field spec;
    private final boolean isPod;
    private final String podName;

    private PodSpecRules(Field spec, boolean isPod, String podName) {
        this.spec = spec;
        this.isPod = isPod;
        this.podName = podName;
    }

    /**
     * @param podName the claims of its ephemeral volumes are named after
     */
    static void ofPod(Field spec, String podName) {
        new PodSpecRules(spec, true, podName).check();
    }

    /** Metadata and spec of a pod template. */
    public static void ofTemplate(Field template) {
        metadataOfTemplate(template);
        new PodSpecRules(template.at("spec"), false, "").check();
        template.at("spec", "ephemeralContainers")
                .forbiddenIfGiven("ephemeral containers not allowed in pod template");
    }

    /** Upstream tells of labels and annotations without the metadata in the path. */
    public static void metadataOfTemplate(Field template) {
        MetadataRules.labels(template.at("labels").with(template.at("metadata", "labels").value()));
        Field annotations =
                template.at("annotations").with(template.at("metadata", "annotations").value());
        MetadataRules.annotations(annotations);
        PodAnnotationRules.check(annotations, template.at("spec"));
    }

    static void nodeName(Field spec) {
        spec.at("nodeName").ifGiven().form(Names::dnsSubdomain);
    }

    private void check() {
        Map<String, Field> volumes = VolumeRules.check(spec.at("volumes"), podName, isPod);
        claims();
        new ContainerListRules(spec, volumes, isPod).check();
        PodResourceRules.check(spec);
        hostNetwork();
        spec.at("restartPolicy").required().oneOf("Always", "OnFailure", "Never");
        spec.at("dnsPolicy")
                .required()
                .oneOf("ClusterFirstWithHostNet", "ClusterFirst", "Default", "None");
        MetadataRules.labels(spec.at("nodeSelector"));
        SecurityRules.ofPod(spec);
        AffinityRules.check(spec.at("affinity"));
        ResolverRules.check(spec.at("dnsConfig"), spec.at("dnsPolicy").text());
        for (Field gate : spec.at("readinessGates").items()) {
            gate.at("conditionType").form(Names::qualifiedName);
        }
        schedulingGates();
        SpreadRules.check(spec.at("topologySpreadConstraints"));
        SecurityRules.hostUsers(spec);
        names();
        tolerations(spec.at("tolerations"));
        for (Field alias : spec.at("hostAliases").items()) {
            alias.at("ip").form(Addresses::address);
            alias.at("hostnames").items().forEach(name -> name.form(Names::dnsSubdomain));
        }
        classes();
        SecurityRules.operatingSystem(spec);
        EnvironmentRules.fileVolumes(spec);
    }

    private void claims() {
        for (Field claim : spec.at("resourceClaims").items()) {
            claim.at("name").required().form(Names::dnsLabel);
            boolean byName = claim.at("resourceClaimName").isSet();
            boolean byTemplate = claim.at("resourceClaimTemplateName").isSet();
            if (byName && byTemplate) {
                claim.invalid(
                        shown(claim),
                        "at most one of `resourceClaimName` or `resourceClaimTemplateName` may be"
                                + " specified");
            } else if (!byName && !byTemplate) {
                claim.invalid(
                        shown(claim),
                        "must specify one of: `resourceClaimName`, `resourceClaimTemplateName`");
            }
            claim.at("resourceClaimName").ifSet().form(Names::dnsSubdomain);
            claim.at("resourceClaimTemplateName").ifSet().form(Names::dnsSubdomain);
        }
        spec.at("resourceClaims").distinct("name");
    }

    private static ObjectNode shown(Field claim) {
        return GoStruct.of(
                claim.value(), List.of("name", "resourceClaimName", "resourceClaimTemplateName"));
    }

    /** On the node's network a container has the ports it listens on. */
    private void hostNetwork() {
        if (!spec.at("hostNetwork").flag()) {
            return;
        }
        for (Field container : spec.at("containers").items()) {
            for (Field port : container.at("ports").items()) {
                long host = port.at("hostPort").number();
                if ((isPod || host != 0) && host != port.at("containerPort").number()) {
                    port.at("hostPort")
                            .invalid(host, "must match `containerPort` when `hostNetwork` is true");
                }
            }
        }
    }

    private void schedulingGates() {
        Set<String> known = new HashSet<>();
        for (Field gate : spec.at("schedulingGates").items()) {
            String name = gate.at("name").text();
            Names.qualifiedName(name).forEach(sentence -> gate.invalid(name, sentence));
            if (!known.add(name)) {
                gate.duplicate(name);
            }
        }
    }

    private void names() {
        spec.at("serviceAccountName").ifGiven().form(Names::dnsSubdomain);
        nodeName(spec);
        spec.at("activeDeadlineSeconds").ifSet().between(1, Integer.MAX_VALUE);
        spec.at("hostname").ifGiven().form(Names::dnsLabel);
        spec.at("subdomain").ifGiven().form(Names::dnsLabel);
        Field override = spec.at("hostnameOverride");
        if (override.isSet()) {
            for (String other : List.of("setHostnameAsFQDN", "hostNetwork")) {
                if (spec.at(other).flag()) {
                    override.forbidden("may not be specified when " + other + " is true");
                }
            }
            if (override.text().length() > 64) {
                override.tooLong(64);
            }
            override.form(Names::dnsSubdomain);
        }
    }

    private void classes() {
        spec.at("priorityClassName").ifGiven().form(Names::dnsSubdomain);
        spec.at("runtimeClassName").ifSet().form(Names::dnsSubdomain);
        if (spec.at("preemptionPolicy").isSet()) {
            spec.at("preemptionPolicy").required().oneOf("PreemptLowerPriority", "Never");
        }
        if (spec.at("overhead").isSet()) {
            ResourceRules.overhead(spec.at("overhead"), spec.at("overhead", "limits"));
        }
    }

    public static void tolerations(Field tolerations) {
        for (Field toleration : tolerations.items()) {
            Field operator = toleration.at("operator");
            String value = toleration.at("value").text();
            toleration.at("key").ifGiven().form(Names::qualifiedName);
            if (!toleration.at("key").isGiven() && !operator.is("Exists")) {
                operator.invalid(
                        operator.text(),
                        "operator must be Exists when `key` is empty, which means \"match all"
                                + " values and all keys\"");
            }
            if (toleration.at("tolerationSeconds").isSet()
                    && !toleration.at("effect").is("NoExecute")) {
                toleration
                        .at("effect")
                        .invalid(
                                toleration.at("effect").text(),
                                "effect must be 'NoExecute' when `tolerationSeconds` is set");
            }
            switch (operator.text()) {
                case "", "Equal" -> {
                    List<String> wrong = Names.labelValue(value);
                    if (!wrong.isEmpty()) {
                        operator.invalid(value, String.join(";", wrong));
                    }
                }
                case "Exists" -> {
                    if (!value.isEmpty()) {
                        operator.invalid(value, "value must be empty when `operator` is 'Exists'");
                    }
                }
                default -> operator.notSupported(List.of("Equal", "Exists"));
            }
            toleration.at("effect").ifGiven().oneOf(TAINT_EFFECTS);
        }
    }
}
