package io.hypernetes.schema.extract;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What neither source says. */
final class ByHand {

    private static final String META = "io.k8s.apimachinery.pkg.apis.meta.v1.";
    private static final String APIEXTENSIONS =
            "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.";

    /** Message fields whose own fields stand directly in the JSON object: embedded Go structs. */
    static final Set<String> INLINED =
            Set.of(
                    "rule",
                    "ruleWithOperations",
                    "localObjectReference",
                    "ephemeralContainerCommon",
                    "persistentVolumeSource",
                    "handler",
                    "volumeSource",
                    "ingressRuleValue",
                    "deviceConfiguration");

    /** Times with microseconds of definitions that have no message. */
    static final Set<String> MICRO_TIMES =
            Set.of(
                    "io.k8s.api.coordination.v1alpha2.LeaseCandidateSpec.pingTime",
                    "io.k8s.api.coordination.v1alpha2.LeaseCandidateSpec.renewTime",
                    "io.k8s.api.coordination.v1beta1.LeaseCandidateSpec.pingTime",
                    "io.k8s.api.coordination.v1beta1.LeaseCandidateSpec.renewTime");

    /** Definitions that are not atomic though other versions of them are. */
    static final Set<String> GRANULAR =
            Set.of("io.k8s.api.admissionregistration.v1alpha1.Variable");

    /** Untyped properties of definitions that have no message. */
    static final Map<String, String> REFERENCES =
            Map.of(
                    "io.k8s.api.scheduling.v1alpha2.PodGroupSchedulingPolicy.basic",
                    "io.k8s.api.scheduling.v1alpha2.BasicSchedulingPolicy");

    private static final String LIST_TYPE = "x-kubernetes-list-type";

    /** Kinds without a message whose conditions are keyed by type, as everywhere. */
    private static final Set<String> KEYED_CONDITIONS =
            Set.of(
                    "DeviceTaintRuleStatus",
                    "ResourcePoolStatusRequestStatus",
                    "PodGroupStatus",
                    "APIServiceStatus");

    private static final Map<String, List<String>> ATOMIC_LISTS =
            Map.of(
                    "io.k8s.api.resource.v1alpha3.ResourcePoolStatusRequestStatus",
                    List.of("pools"),
                    "io.k8s.api.resource.v1beta1.BasicDevice",
                    List.of(
                            "bindingConditions",
                            "bindingFailureConditions",
                            "consumesCounters",
                            "taints"),
                    "io.k8s.api.resource.v1beta1.DeviceRequest",
                    List.of("selectors", "tolerations"),
                    "io.k8s.api.scheduling.v1alpha2.PodGroupSchedulingConstraints",
                    List.of("topology"),
                    "io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.APIServiceSpec",
                    List.of("caBundle"));

    private ByHand() {}

    /** Definitions without a class: scalars, unions of JSON types, empty structs. */
    static Map<String, JsonObject> definitions() {
        Map<String, JsonObject> definitions = new LinkedHashMap<>();
        for (String time : List.of("Time", "MicroTime")) {
            definitions.put(META + time, json("{'format':'date-time','type':'string'}"));
        }
        definitions.put("io.k8s.apimachinery.pkg.api.resource.Quantity", json("{'type':'string'}"));
        definitions.put(
                "io.k8s.apimachinery.pkg.util.intstr.IntOrString",
                json("{'format':'int-or-string','type':'string'}"));
        for (String name :
                List.of(
                        META + "FieldsV1",
                        META + "Patch",
                        "io.k8s.apimachinery.pkg.runtime.RawExtension",
                        APIEXTENSIONS + "CustomResourceSubresourceStatus",
                        "io.k8s.api.apiserverinternal.v1alpha1.StorageVersionSpec",
                        "io.k8s.api.scheduling.v1alpha2.BasicSchedulingPolicy")) {
            definitions.put(name, json("{'type':'object'}"));
        }
        for (String name :
                List.of(
                        "JSON",
                        "JSONSchemaPropsOrArray",
                        "JSONSchemaPropsOrBool",
                        "JSONSchemaPropsOrStringArray")) {
            definitions.put(APIEXTENSIONS + name, new JsonObject());
        }
        return definitions;
    }

    /** Adds the markers that no comment carries. */
    static void amend(String definition, JsonObject json) {
        String kind = definition.substring(definition.lastIndexOf('.') + 1);
        if (KEYED_CONDITIONS.contains(kind)) {
            keyed(json, "conditions", "type", "merge");
        }
        switch (kind) {
            case "PersistentVolumeSpec" ->
                    property(json, "claimRef").addProperty("x-kubernetes-map-type", "granular");
            case "PodGroupSpec", "PodGroupTemplate" ->
                    keyed(json, "resourceClaims", "name", "merge,retainKeys");
            case "PodGroupStatus" ->
                    keyed(json, "resourceClaimStatuses", "name", "merge,retainKeys");
            case "WorkloadSpec" -> keyed(json, "podGroupTemplates", "name", "");
            default -> {}
        }
        ATOMIC_LISTS
                .getOrDefault(definition, List.of())
                .forEach(name -> property(json, name).addProperty(LIST_TYPE, "atomic"));
    }

    private static void keyed(JsonObject json, String list, String key, String patchStrategy) {
        JsonObject property = property(json, list);
        JsonArray keys = new JsonArray();
        keys.add(key);
        property.addProperty(LIST_TYPE, "map");
        property.add("x-kubernetes-list-map-keys", keys);
        if (!patchStrategy.isEmpty()) {
            property.addProperty("x-kubernetes-patch-merge-key", key);
            property.addProperty("x-kubernetes-patch-strategy", patchStrategy);
        }
    }

    private static JsonObject property(JsonObject definition, String name) {
        return definition.getAsJsonObject("properties").getAsJsonObject(name);
    }

    private static JsonObject json(String text) {
        return JsonParser.parseString(text.replace('\'', '"')).getAsJsonObject();
    }
}
