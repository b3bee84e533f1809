package io.hypernetes.schema.extract;

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

    /** Untyped properties of definitions that have no message. */
    static final Map<String, String> REFERENCES = Map.of();

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
    static void amend(String definition, JsonObject json) {}

    private static JsonObject json(String text) {
        return JsonParser.parseString(text.replace('\'', '"')).getAsJsonObject();
    }
}
