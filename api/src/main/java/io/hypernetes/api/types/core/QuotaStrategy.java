package io.hypernetes.api.types.core;

import io.hypernetes.api.Scope;
import io.hypernetes.api.names.Names;
import io.hypernetes.api.quota.Usage;
import io.hypernetes.api.types.kind.Field;
import io.hypernetes.api.types.kind.KindStrategy;
import io.hypernetes.api.types.kind.Trees;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** ResourceQuotas: how much a namespace may have. */
public final class QuotaStrategy extends KindStrategy {

    private static final Set<String> SCOPES =
            Set.of(
                    "Terminating",
                    "NotTerminating",
                    "BestEffort",
                    "NotBestEffort",
                    "PriorityClass",
                    "CrossNamespacePodAffinity",
                    "VolumeAttributesClass");

    private static final Set<String> OF_PODS =
            Set.of(
                    "pods",
                    "cpu",
                    "memory",
                    "ephemeral-storage",
                    "requests.cpu",
                    "requests.memory",
                    "requests.ephemeral-storage",
                    "limits.cpu",
                    "limits.memory",
                    "limits.ephemeral-storage");

    private static final Set<String> OF_CLAIMS =
            Set.of("persistentvolumeclaims", "requests.storage");

    public QuotaStrategy() {
        super(Scope.NAMESPACED, Names::dnsSubdomain);
    }

    /** Writes amounts as Kubernetes writes them: {@code 1000m} is {@code 1}. */
    public static void canonicalize(JsonNode amounts) {
        Resources.canonicalizeList(amounts);
    }

    @Override
    public void applyDefaults(ObjectNode quota) {
        Resources.canonicalizeList(Trees.at(quota, "spec", "hard"));
        Resources.canonicalizeList(Trees.at(quota, "status", "hard"));
        Resources.canonicalizeList(Trees.at(quota, "status", "used"));
    }

    @Override
    public void prepareForCreate(ObjectNode quota) {
        quota.putObject("status");
    }

    @Override
    public JsonNode desired(ObjectNode quota) {
        return NO_GENERATIONS;
    }

    @Override
    protected void rules(Field quota) {
        Field spec = quota.at("spec");
        amounts(spec.at("hard"));
        Set<String> scopes = new HashSet<>(spec.at("scopes").texts());
        for (String scope : spec.at("scopes").texts()) {
            if (!SCOPES.contains(scope)) {
                spec.at("scopes").invalid("unsupported scope");
            }
            applied(scope, spec, spec.at("scopes"));
        }
        conflicting(scopes, spec.at("scopes"));
        selector(spec);
    }

    private static final Set<String> OF_TENANTS =
            Set.of(Usage.OBJECTS, Usage.ADDRESSES, Usage.FLOATING);

    /** The limits of a whole tenant: those of a namespace, and some that only a tenant has. */
    public static void ofTenant(Field hard) {
        for (String name : hard.keys()) {
            if (OF_TENANTS.contains(name)) {
                ResourceRules.amount(name, hard.key(name));
            } else {
                amount(hard, name);
            }
        }
    }

    private static void amounts(Field amounts) {
        amounts.keys().forEach(name -> amount(amounts, name));
    }

    private static void amount(Field amounts, String name) {
        Field amount = amounts.key(name);
        ResourceRules.anyName(amount);
        if (!name.contains("/") && !ResourceNames.isForQuotas(name)) {
            amount.invalid(name, "must be a standard resource for quota");
        }
        ResourceRules.amount(name, amount);
    }

    /** A scope narrows the pods, or the claims, that are counted: nothing else. */
    private static void applied(String scope, Field spec, Field told) {
        for (String name : spec.at("hard").keys()) {
            if (ResourceNames.isForQuotas(name) && !covers(scope, name)) {
                told.invalid("unsupported scope applied to resource");
            }
        }
    }

    private static boolean covers(String scope, String name) {
        return switch (scope) {
            case "BestEffort" -> name.equals("pods");
            case "VolumeAttributesClass" -> OF_CLAIMS.contains(name);
            case "Terminating",
                    "NotTerminating",
                    "NotBestEffort",
                    "PriorityClass",
                    "CrossNamespacePodAffinity" ->
                    OF_PODS.contains(name);
            default -> true;
        };
    }

    private static void conflicting(Set<String> scopes, Field told) {
        for (String scope : List.of("BestEffort", "Terminating")) {
            if (scopes.contains(scope) && scopes.contains("Not" + scope)) {
                told.invalid("conflicting scopes");
            }
        }
    }

    private static void selector(Field spec) {
        Field expressions = spec.at("scopeSelector", "matchExpressions");
        Set<String> scopes = new HashSet<>();
        for (Field expression : expressions.items()) {
            String scope = expression.at("scopeName").text();
            String operator = expression.at("operator").text();
            boolean hasValues = expression.at("values").isGiven();
            scopes.add(scope);
            if (!SCOPES.contains(scope)) {
                expressions.at("scopeName").invalid(scope, "unsupported scope");
            }
            applied(scope, spec, expressions.with(spec.at("scopeSelector").value()));
            boolean mustExist =
                    SCOPES.contains(scope)
                            && !scope.equals("PriorityClass")
                            && !scope.equals("VolumeAttributesClass");
            if (mustExist && !operator.equals("Exists")) {
                expressions
                        .at("operator")
                        .invalid(
                                operator,
                                "must be 'Exists' when scope is any of"
                                        + " ResourceQuotaScopeTerminating,"
                                        + " ResourceQuotaScopeNotTerminating,"
                                        + " ResourceQuotaScopeBestEffort,"
                                        + " ResourceQuotaScopeNotBestEffort or"
                                        + " ResourceQuotaScopeCrossNamespacePodAffinity");
            }
            switch (operator) {
                case "In", "NotIn" -> {
                    if (!hasValues) {
                        expressions
                                .at("values")
                                .tellRequired(
                                        "must be at least one value when `operator` is 'In' or"
                                                + " 'NotIn' for scope selector");
                    }
                }
                case "Exists", "DoesNotExist" -> {
                    if (hasValues) {
                        expressions
                                .at("values")
                                .invalid(
                                        expression.at("values").value(),
                                        "must be no value when `operator` is 'Exist' or"
                                                + " 'DoesNotExist' for scope selector");
                    }
                }
                default ->
                        expressions
                                .at("operator")
                                .invalid(operator, "not a valid selector operator");
            }
        }
        conflicting(scopes, expressions.with(spec.at("scopes").value()));
    }

    @Override
    protected void updateRules(Field quota, Field old) {
        Field scopes = quota.at("spec", "scopes");
        if (!Set.copyOf(scopes.texts()).equals(Set.copyOf(old.at("spec", "scopes").texts()))) {
            scopes.invalid("field is immutable");
        }
    }

    @Override
    protected void statusRules(Field quota, Field old) {
        amounts(quota.at("status", "hard"));
        amounts(quota.at("status", "used"));
    }
}
