package io.hypernetes.api.types.apps;

import io.hypernetes.api.Scope;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.names.Names;
import io.hypernetes.api.types.core.PodSpecRules;
import io.hypernetes.api.types.core.PodTemplates;
import io.hypernetes.api.types.core.PodWarnings;
import io.hypernetes.api.types.core.VolumeClaimRules;
import io.hypernetes.api.types.core.VolumeClaimStrategy;
import io.hypernetes.api.types.kind.Counts;
import io.hypernetes.api.types.kind.Errors;
import io.hypernetes.api.types.kind.Field;
import io.hypernetes.api.types.kind.GoStruct;
import io.hypernetes.api.types.kind.KindStrategy;
import io.hypernetes.api.types.kind.SelectorRules;
import io.hypernetes.api.types.kind.Trees;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** StatefulSets. */
public final class StatefulSetStrategy extends KindStrategy {

    private static final List<String> CHANGEABLE =
            List.of(
                    "replicas",
                    "ordinals",
                    "template",
                    "updateStrategy",
                    "revisionHistoryLimit",
                    "persistentVolumeClaimRetentionPolicy",
                    "minReadySeconds");

    private final VolumeClaimStrategy claims = new VolumeClaimStrategy();

    public StatefulSetStrategy() {
        super(Scope.NAMESPACED, Names::dnsLabel);
    }

    @Override
    public void applyDefaults(ObjectNode set) {
        ObjectNode spec = Trees.child(set, "spec");
        PodTemplates.applyDefaults(spec);
        Trees.setDefault(spec, "serviceName", "");
        Trees.setDefault(spec, "podManagementPolicy", "OrderedReady");
        ObjectNode strategy = Trees.child(spec, "updateStrategy");
        Trees.setDefault(strategy, "type", "RollingUpdate");
        if (Trees.text(strategy, "type").equals("RollingUpdate")) {
            Trees.setDefault(Trees.child(strategy, "rollingUpdate"), "partition", 0);
        }
        ObjectNode retention = Trees.child(spec, "persistentVolumeClaimRetentionPolicy");
        Trees.setDefault(retention, "whenDeleted", "Retain");
        Trees.setDefault(retention, "whenScaled", "Retain");
        Trees.setDefault(spec, "replicas", 1);
        if (spec.get("ordinals") instanceof ObjectNode ordinals) {
            Trees.setDefault(ordinals, "start", 0);
        }
        Trees.setDefault(spec, "revisionHistoryLimit", 10);
        for (ObjectNode claim : Trees.objects(spec.path("volumeClaimTemplates"))) {
            claim.put("apiVersion", "v1").put("kind", "PersistentVolumeClaim");
            Trees.child(claim, "metadata");
            claims.applyDefaults(claim);
            Trees.setDefault(Trees.child(claim, "status"), "phase", "Pending");
        }
    }

    @Override
    public void prepareForCreate(ObjectNode set) {
        set.putObject("status").put("replicas", 0).put("availableReplicas", 0);
    }

    @Override
    protected void rules(Field set) {
        Field spec = set.at("spec");
        spec(spec, true);
        for (Field claim : spec.at("volumeClaimTemplates").items()) {
            VolumeClaimRules.spec(claim.at("spec"));
        }
        spec.at("serviceName").ifGiven().form(Names::dnsLabel);
    }

    /**
     * @param checked whether the pods' template is judged
     */
    private static void spec(Field spec, boolean checked) {
        Field management = spec.at("podManagementPolicy");
        if (!management.is("OrderedReady") && !management.is("Parallel")) {
            management.required();
            if (management.isGiven()) {
                management.invalid("must be 'OrderedReady' or 'Parallel'");
            }
        }
        updateStrategy(spec.at("updateStrategy"));
        for (String when : List.of("whenDeleted", "whenScaled")) {
            spec.at("persistentVolumeClaimRetentionPolicy", when).oneOf("Retain", "Delete");
        }
        Counts.notNegative(spec, "replicas", "minReadySeconds");
        spec.at("ordinals", "start").notNegative();
        PodTemplates.selector(spec, "statefulset", "");
        if (SelectorRules.parse(spec.at("selector")).isPresent()) {
            template(spec, checked);
        } else {
            spec.at("selector").invalid(SelectorRules.shown(spec.at("selector")), "");
        }
        PodTemplates.alwaysRestarted(spec.at("template"), "StatefulSet");
    }

    private static void template(Field spec, boolean checked) {
        Field template = spec.at("template");
        if (checked) {
            PodSpecRules.ofTemplate(template.with(ofPods(spec)));
        }
        // Upstream tells of them once more, in this kind.
        PodSpecRules.metadataOfTemplate(template);
    }

    /** Its pods' template: claims bring volumes, and pods get names of the controller's choice. */
    private static ObjectNode ofPods(Field spec) {
        ObjectNode template = spec.at("template").object().deepCopy();
        ObjectNode pod = Trees.child(template, "spec");
        pod.remove("subdomain");
        pod.remove("hostname");
        Set<String> claimed = new LinkedHashSet<>();
        for (Field claim : spec.at("volumeClaimTemplates").items()) {
            claimed.add(claim.at("metadata", "name").text());
        }
        if (claimed.isEmpty()) {
            return template;
        }
        ArrayNode volumes = pod.arrayNode();
        for (String name : claimed) {
            ObjectNode volume = volumes.addObject().put("name", name);
            volume.putObject("persistentVolumeClaim").put("claimName", name);
        }
        for (ObjectNode volume : Trees.objects(pod.path("volumes"))) {
            if (!claimed.contains(Trees.text(volume, "name"))) {
                volumes.add(volume);
            }
        }
        pod.set("volumes", volumes);
        return template;
    }

    private static void updateStrategy(Field strategy) {
        Field rolling = strategy.at("rollingUpdate");
        switch (strategy.at("type").text()) {
            case "" -> strategy.tellRequired("");
            case "OnDelete" -> {
                if (rolling.isSet()) {
                    rolling.invalid("only allowed for updateStrategy 'RollingUpdate'");
                }
            }
            case "RollingUpdate" -> {
                rolling.at("partition").notNegative();
                Field unavailable = rolling.at("maxUnavailable");
                if (unavailable.isSet()) {
                    Counts.numberOrPercent(unavailable);
                    if (Counts.value(unavailable) == 0) {
                        unavailable.invalid("cannot be 0");
                    }
                    Counts.atMostAll(unavailable);
                }
            }
            default -> strategy.invalid(shown(strategy), "must be 'RollingUpdate' or 'OnDelete'");
        }
    }

    private static ObjectNode shown(Field strategy) {
        ObjectNode shown = GoStruct.of(strategy.value(), List.of("type", "rollingUpdate"));
        Field rolling = strategy.at("rollingUpdate");
        return rolling.isSet()
                ? GoStruct.with(
                        shown,
                        "rollingUpdate",
                        GoStruct.of(rolling.value(), List.of("partition", "maxUnavailable")))
                : shown;
    }

    /** What cannot be changed is not judged again, nor a template that was already wrong. */
    @Override
    protected void rules(Field set, Field old) {
        Errors before = new Errors();
        spec(Field.root(old.object(), before).at("spec"), true);
        spec(set.at("spec"), before.count() == 0);
    }

    @Override
    protected void updateRules(Field set, Field old) {
        ObjectNode spec = set.at("spec").object().deepCopy();
        ObjectNode was = old.at("spec").object();
        CHANGEABLE.forEach(field -> Trees.copy(field, was, spec));
        if (!Json.same(spec, was)) {
            set.at("spec")
                    .forbidden(
                            "updates to statefulset spec for fields other than 'replicas',"
                                    + " 'ordinals', 'template', 'updateStrategy',"
                                    + " 'revisionHistoryLimit',"
                                    + " 'persistentVolumeClaimRetentionPolicy' and"
                                    + " 'minReadySeconds' are forbidden");
        }
    }

    @Override
    protected void statusRules(Field set, Field old) {
        Field status = set.at("status");
        Counts.notNegative(
                status,
                "replicas",
                "readyReplicas",
                "currentReplicas",
                "updatedReplicas",
                "availableReplicas",
                "observedGeneration",
                "collisionCount");
        Counts.withinReplicas(
                status,
                List.of(
                        "readyReplicas",
                        "currentReplicas",
                        "updatedReplicas",
                        "availableReplicas"));
        Counts.availableWithinReady(status, "status.readyReplicas");
        Counts.notDecremented(status.at("collisionCount"), old.at("status", "collisionCount"));
    }

    @Override
    public List<String> warningsOnCreate(ObjectNode set) {
        return PodWarnings.of(Field.root(set, new Errors()).at("spec", "template"));
    }
}
