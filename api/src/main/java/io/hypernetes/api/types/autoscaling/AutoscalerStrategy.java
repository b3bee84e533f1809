package io.hypernetes.api.types.autoscaling;

import io.hypernetes.api.Scope;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.names.Names;
import io.hypernetes.api.types.kind.Counts;
import io.hypernetes.api.types.kind.Field;
import io.hypernetes.api.types.kind.KindStrategy;
import io.hypernetes.api.types.kind.Trees;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;

/** HorizontalPodAutoscalers, as {@code autoscaling/v2}. */
public final class AutoscalerStrategy extends KindStrategy {

    private static final int MAX_WINDOW_SECONDS = 3600;
    private static final int MAX_PERIOD_SECONDS = 1800;

    public AutoscalerStrategy() {
        super(Scope.NAMESPACED, Names::dnsSubdomain);
    }

    @Override
    public void applyDefaults(ObjectNode autoscaler) {
        ObjectNode spec = Trees.child(autoscaler, "spec");
        Trees.setDefault(spec, "minReplicas", 1);
        if (spec.path("metrics").isEmpty()) {
            ObjectNode metric = spec.putArray("metrics").addObject().put("type", "Resource");
            ObjectNode resource = metric.putObject("resource").put("name", "cpu");
            resource.putObject("target").put("type", "Utilization").put("averageUtilization", 80);
        }
        if (spec.get("behavior") instanceof ObjectNode behavior) {
            up(Trees.child(behavior, "scaleUp"));
            down(Trees.child(behavior, "scaleDown"));
        }
    }

    private static void up(ObjectNode rules) {
        Trees.setDefault(rules, "stabilizationWindowSeconds", 0);
        Trees.setIfAbsent(rules, "selectPolicy", "Max");
        if (!Trees.has(rules, "policies")) {
            rules.putArray("policies").add(policy("Pods", 4)).add(policy("Percent", 100));
        }
    }

    private static void down(ObjectNode rules) {
        Trees.setIfAbsent(rules, "selectPolicy", "Max");
        if (!Trees.has(rules, "policies")) {
            rules.putArray("policies").add(policy("Percent", 100));
        }
    }

    private static ObjectNode policy(String type, int value) {
        return Json.object().put("type", type).put("value", value).put("periodSeconds", 15);
    }

    @Override
    public JsonNode desired(ObjectNode autoscaler) {
        return NO_GENERATIONS;
    }

    @Override
    public void prepareForCreate(ObjectNode autoscaler) {
        super.prepareForCreate(autoscaler);
        autoscaler.putObject("status").put("desiredReplicas", 0);
    }

    @Override
    protected void rules(Field autoscaler) {
        specRules(autoscaler);
        MetricRules.group(autoscaler.at("spec", "scaleTargetRef"));
    }

    /** Older objects say no group: it is asked for when they mean something else now. */
    @Override
    protected void rules(Field autoscaler, Field old) {
        specRules(autoscaler);
        Field target = autoscaler.at("spec", "scaleTargetRef");
        Field before = old.at("spec", "scaleTargetRef");
        if (!target.at("apiVersion").same(before.at("apiVersion"))
                || !target.at("kind").same(before.at("kind"))) {
            MetricRules.group(target);
        }
    }

    private static void specRules(Field autoscaler) {
        Field spec = autoscaler.at("spec");
        Field least = spec.at("minReplicas");
        Field most = spec.at("maxReplicas");
        if (least.isSet()) {
            least.atLeast(1);
            boolean measured =
                    spec.at("metrics").items().stream()
                            .anyMatch(
                                    m -> m.at("type").is("Object") || m.at("type").is("External"));
            if (least.number() == 0 && !measured) {
                spec.at("metrics")
                        .forbidden(
                                "must specify at least one Object or External metric to support"
                                        + " scaling to zero replicas");
            }
        }
        if (most.number() == 0) {
            most.tellRequired("must be set and greater than 0");
        } else if (most.number() < 0) {
            most.invalid(most.number(), "must be greater than or equal to 1");
        }
        if (least.isSet() && most.number() < least.number()) {
            most.invalid(most.number(), "must be greater than or equal to `minReplicas`");
        }
        MetricRules.reference(spec.at("scaleTargetRef"));
        spec.at("metrics").items().forEach(MetricRules::metric);
        for (String direction : List.of("scaleUp", "scaleDown")) {
            if (spec.at("behavior", direction).isSet()) {
                scaling(spec.at("behavior", direction));
            }
        }
    }

    private static void scaling(Field rules) {
        Field window = rules.at("stabilizationWindowSeconds");
        if (window.number() < 0) {
            window.invalid("must be greater than or equal to zero");
        }
        if (window.number() > MAX_WINDOW_SECONDS) {
            window.invalid("must be less than or equal to " + MAX_WINDOW_SECONDS);
        }
        rules.at("selectPolicy").ifSet().oneOf("Disabled", "Max", "Min");
        Field policies = rules.at("policies");
        if (!policies.isGiven()) {
            policies.tellRequired("must specify at least one Policy");
        }
        for (Field policy : policies.items()) {
            policy.at("type").oneOf("Percent", "Pods");
            Field period = policy.at("periodSeconds");
            for (Field number : List.of(policy.at("value"), period)) {
                if (number.number() <= 0) {
                    number.invalid(number.number(), "must be greater than zero");
                }
            }
            if (period.number() > MAX_PERIOD_SECONDS) {
                period.invalid("must be less than or equal to " + MAX_PERIOD_SECONDS);
            }
        }
    }

    @Override
    protected void statusRules(Field autoscaler, Field old) {
        Counts.notNegative(autoscaler.at("status"), "currentReplicas", "desiredReplicas");
    }
}
