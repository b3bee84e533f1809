package io.hypernetes.api.types.apiregistration;

import io.hypernetes.api.FieldError;
import io.hypernetes.api.Scope;
import io.hypernetes.api.names.Names;
import io.hypernetes.api.types.kind.Field;
import io.hypernetes.api.types.kind.KindStrategy;
import io.hypernetes.api.types.kind.Trees;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;

/** APIServices: which server answers for a group and version. */
public final class ApiServiceStrategy extends KindStrategy {

    /** On those that the server makes itself, and why it did. */
    public static final String AUTO_MANAGED = "kube-aggregator.kubernetes.io/automanaged";

    /** For a group that is built in. */
    public static final String ON_START = "onstart";

    /** For as long as there is a definition of the group. */
    public static final String FOLLOWS = "true";

    private static final int MAX_GROUP_PRIORITY = 20_000;
    private static final int MAX_VERSION_PRIORITY = 1_000;
    private static final int HTTPS = 443;

    public ApiServiceStrategy() {
        super(Scope.CLUSTER, Names::pathSegment);
    }

    @Override
    public void applyDefaults(ObjectNode apiService) {
        if (apiService.path("spec").path("service") instanceof ObjectNode service) {
            Trees.setDefault(service, "port", HTTPS);
        }
    }

    /** One without a service is answered by this server, and so is always there. */
    @Override
    public void prepareForCreate(ObjectNode apiService) {
        ObjectNode status = apiService.putObject("status");
        if (!Trees.has(apiService, "spec", "service")) {
            status.putArray("conditions")
                    .addObject()
                    .put("type", "Available")
                    .put("status", "True")
                    .put(
                            "lastTransitionTime",
                            Instant.now().truncatedTo(ChronoUnit.SECONDS).toString())
                    .put("reason", "Local")
                    .put("message", "Local APIServices are always available");
        }
    }

    @Override
    public JsonNode desired(ObjectNode apiService) {
        return MissingNode.getInstance();
    }

    @Override
    protected boolean anyFinalizers() {
        return true;
    }

    @Override
    protected void rules(Field apiService) {
        Field spec = apiService.at("spec");
        Field group = spec.at("group");
        Field version = spec.at("version");
        Field name = apiService.at("metadata", "name");
        String rightName = version.text() + "." + group.text();
        if (name.isGiven() && !name.is(rightName)) {
            name.invalid(
                    "must be `spec.version+\".\"+spec.group`: " + FieldError.quoted(rightName));
        }
        if (!group.isGiven() && !version.is("v1")) {
            group.tellRequired("only v1 may have an empty group and it better be legacy kube");
        }
        group.ifGiven().form(Names::dnsSubdomain);
        version.form(Names::dns1035Label);
        priority(spec.at("groupPriorityMinimum"), MAX_GROUP_PRIORITY);
        priority(spec.at("versionPriority"), MAX_VERSION_PRIORITY);
        if (spec.at("service").isSet()) {
            service(spec);
        } else {
            local(spec);
        }
    }

    @Override
    protected void statusRules(Field apiService, Field old) {
        for (Field condition : apiService.at("status", "conditions").items()) {
            condition.at("status").oneOf("True", "False", "Unknown");
        }
    }

    private static void priority(Field priority, int most) {
        if (priority.number() <= 0 || priority.number() > most) {
            priority.invalid(priority.number(), "must be positive and less than " + most);
        }
    }

    private static void local(Field spec) {
        Field bundle = spec.at("caBundle");
        if (bundle.isGiven()) {
            int bytes = Base64.getDecoder().decode(bundle.text()).length;
            bundle.invalid(bytes + " bytes", "local APIServices may not have a caBundle");
        }
        Field insecure = spec.at("insecureSkipTLSVerify");
        if (insecure.flag()) {
            insecure.invalid("local APIServices may not have insecureSkipTLSVerify");
        }
    }

    private static void service(Field spec) {
        Field service = spec.at("service");
        service.at("namespace").required();
        service.at("name").required();
        Field port = service.at("port");
        if (port.number() < 1 || port.number() > 65_535) {
            port.invalid(
                    port.number(), "port is not valid: must be between 1 and 65535, inclusive");
        }
        Field insecure = spec.at("insecureSkipTLSVerify");
        if (insecure.flag() && spec.at("caBundle").isGiven()) {
            insecure.invalid("may not be true if caBundle is present");
        }
    }
}
