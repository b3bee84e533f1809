package io.hypernetes.api.types.networking;

import io.hypernetes.api.Scope;
import io.hypernetes.api.names.Names;
import io.hypernetes.api.types.kind.Field;
import io.hypernetes.api.types.kind.KindStrategy;
import io.hypernetes.api.types.kind.Trees;

import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.regex.Pattern;

/** IngressClasses. */
public final class IngressClassStrategy extends KindStrategy {

    private static final String PATH = "[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+";
    private static final Pattern IS_PATH = Pattern.compile(PATH);
    private static final int MAX_CONTROLLER = 250;

    public IngressClassStrategy() {
        super(Scope.CLUSTER, Names::dnsSubdomain);
    }

    @Override
    public void applyDefaults(ObjectNode ingressClass) {
        if (ingressClass.path("spec").path("parameters") instanceof ObjectNode parameters) {
            Trees.setIfAbsent(parameters, "scope", "Cluster");
        }
    }

    @Override
    protected void rules(Field ingressClass) {
        Field controller = ingressClass.at("spec", "controller").required().ifGiven();
        if (controller.isGiven()) {
            if (controller.text().length() > MAX_CONTROLLER) {
                controller.tooLong(MAX_CONTROLLER);
            }
            domainPrefixedPath(controller);
        }
        Field parameters = ingressClass.at("spec", "parameters");
        if (parameters.isSet()) {
            parameters(parameters);
        }
    }

    /** {@code example.com/my/path}; what is wrong is told of the part that it is in. */
    private static void domainPrefixedPath(Field field) {
        int slash = field.text().indexOf('/');
        if (slash <= 0 || slash == field.text().length() - 1) {
            field.invalid("must be a domain-prefixed path (such as \"acme.io/foo\")");
            return;
        }
        String host = field.text().substring(0, slash);
        String path = field.text().substring(slash + 1);
        Names.dnsSubdomain(host).forEach(wrong -> field.invalid(host, wrong));
        if (!IS_PATH.matcher(path).matches()) {
            field.invalid(path, "Invalid path (regex used for validation is '" + PATH + "')");
        }
    }

    private static void parameters(Field parameters) {
        References.typed(parameters);
        Field namespace = parameters.at("namespace");
        Field scope = parameters.at("scope");
        switch (scope.text()) {
            case "Namespace" -> {
                if (!namespace.isSet()) {
                    namespace.tellRequired("`parameters.scope` is set to 'Namespace'");
                }
                namespace.ifSet().form(Names::dnsLabel);
            }
            case "Cluster" -> namespace.forbiddenIfSet("`parameters.scope` is set to 'Cluster'");
            default -> scope.notSupported(List.of("Cluster", "Namespace"));
        }
    }

    @Override
    protected void updateRules(Field ingressClass, Field old) {
        ingressClass.at("spec", "controller").immutable(old.at("spec", "controller"));
    }
}
