package io.hypernetes.api.types.admission;

import io.hypernetes.api.Scope;
import io.hypernetes.api.names.Names;
import io.hypernetes.api.types.kind.Field;
import io.hypernetes.api.types.kind.KindStrategy;
import io.hypernetes.api.types.kind.SelectorRules;
import io.hypernetes.api.types.kind.Trees;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** MutatingWebhookConfigurations and ValidatingWebhookConfigurations. */
public final class WebhookStrategy extends KindStrategy {

    private static final int DEFAULT_TIMEOUT_SECONDS = 10;
    private static final int MAX_TIMEOUT_SECONDS = 30;
    private static final List<String> REVIEW_VERSIONS = List.of("v1", "v1beta1");
    private static final List<String> SIDE_EFFECTS = List.of("None", "NoneOnDryRun");

    private final boolean mutating;

    private WebhookStrategy(boolean mutating) {
        super(Scope.CLUSTER, Names::dnsSubdomain);
        this.mutating = mutating;
    }

    public static WebhookStrategy mutating() {
        return new WebhookStrategy(true);
    }

    public static WebhookStrategy validating() {
        return new WebhookStrategy(false);
    }

    @Override
    public void applyDefaults(ObjectNode configuration) {
        for (ObjectNode webhook : Trees.objects(configuration.path("webhooks"))) {
            Trees.setDefault(webhook, "failurePolicy", "Fail");
            Trees.setDefault(webhook, "matchPolicy", "Equivalent");
            Trees.child(webhook, "namespaceSelector");
            Trees.child(webhook, "objectSelector");
            Trees.setDefault(webhook, "timeoutSeconds", DEFAULT_TIMEOUT_SECONDS);
            if (mutating) {
                Trees.setDefault(webhook, "reinvocationPolicy", "Never");
            }
            if (webhook.path("clientConfig").path("service") instanceof ObjectNode service) {
                Trees.setDefault(service, "port", 443);
            }
            for (ObjectNode rule : Trees.objects(webhook.path("rules"))) {
                Trees.setIfAbsent(rule, "scope", "*");
            }
        }
    }

    @Override
    public JsonNode desired(ObjectNode configuration) {
        return counted(configuration.path("webhooks"));
    }

    @Override
    protected boolean anyFinalizers() {
        return true;
    }

    @Override
    protected void rules(Field configuration) {
        Set<String> names = new HashSet<>();
        for (Field webhook : configuration.at("webhooks").items()) {
            webhook(webhook);
            Field name = webhook.at("name");
            if (name.isGiven() && !names.add(name.text())) {
                name.duplicate();
            }
        }
    }

    private void webhook(Field webhook) {
        fullName(webhook.at("name"));
        webhook.at("rules").items().forEach(MatchRules::rule);
        webhook.at("failurePolicy").oneOf(MatchRules.FAILURE_POLICIES);
        webhook.at("matchPolicy").oneOf(MatchRules.MATCH_POLICIES);
        Field effects = webhook.at("sideEffects");
        if (effects.isSet()) {
            effects.oneOf(SIDE_EFFECTS);
        } else {
            effects.tellRequired("must specify one of " + String.join(", ", SIDE_EFFECTS));
        }
        Field timeout = webhook.at("timeoutSeconds");
        if (timeout.number() < 1 || timeout.number() > MAX_TIMEOUT_SECONDS) {
            timeout.invalid("the timeout value must be between 1 and 30 seconds");
        }
        SelectorRules.check(webhook.at("namespaceSelector"));
        SelectorRules.check(webhook.at("objectSelector"));
        if (mutating) {
            webhook.at("reinvocationPolicy").oneOf(MatchRules.REINVOCATION_POLICIES);
        }
        ClientConfigRules.check(webhook.at("clientConfig"));
        MatchRules.conditions(webhook.at("matchConditions"));
        reviewVersions(webhook.at("admissionReviewVersions"));
    }

    private static void fullName(Field name) {
        if (!name.isGiven()) {
            name.tellRequired("");
            return;
        }
        List<String> wrong = Names.dnsSubdomain(name.text());
        if (!wrong.isEmpty()) {
            name.invalid(String.join(",", wrong));
        } else if (name.text().split("\\.").length < 3) {
            name.invalid("should be a domain with at least three segments separated by dots");
        }
    }

    private static void reviewVersions(Field versions) {
        String known = String.join(", ", REVIEW_VERSIONS);
        if (!versions.isGiven()) {
            versions.tellRequired("must specify one of " + known);
            return;
        }
        Set<String> seen = new HashSet<>();
        for (Field version : versions.items()) {
            if (seen.add(version.text())) {
                version.form(Names::dns1035Label);
            } else {
                version.invalid("duplicate version");
            }
        }
        if (REVIEW_VERSIONS.stream().noneMatch(seen::contains)) {
            versions.invalid("must include at least one of " + known);
        }
    }
}
