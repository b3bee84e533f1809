package io.hypernetes.api.types.core;

import io.hypernetes.api.names.Names;
import io.hypernetes.api.types.kind.Field;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Rules that hold for every container of a pod, of whichever list. */
final class ContainerRules {

    static final List<String> PULL_POLICIES = List.of("Always", "IfNotPresent", "Never");
    static final List<String> PROTOCOLS = List.of("SCTP", "TCP", "UDP");

    private final Field spec;
    private final Map<String, Field> volumes;
    private final Set<String> claims;

    /**
     * @param spec the pod's
     */
    ContainerRules(Field spec, Map<String, Field> volumes) {
        this.spec = spec;
        this.volumes = volumes;
        this.claims = ResourceRules.claims(spec);
    }

    void check(Field container) {
        container.at("name").required().form(Names::dnsLabel);
        container.at("image").required();
        container.at("terminationMessagePolicy").required().oneOf("File", "FallbackToLogsOnError");
        ports(container.at("ports"));
        EnvironmentRules.check(container);
        new MountRules(container, volumes).check();
        container.at("imagePullPolicy").required().oneOf(PULL_POLICIES);
        ResourceRules.ofContainer(container.at("resources"), claims);
        resizePolicy(container.at("resizePolicy"));
        SecurityRules.ofContainer(
                container.at("securityContext"), SecurityRules.sharesHostUsers(spec));
    }

    private static void ports(Field ports) {
        Set<String> names = new HashSet<>();
        for (Field port : ports.items()) {
            Field name = port.at("name");
            if (name.isGiven()) {
                List<String> wrong = Names.portName(name.text());
                wrong.forEach(name::invalid);
                if (wrong.isEmpty() && !names.add(name.text())) {
                    name.duplicate();
                }
            }
            if (port.at("containerPort").number() == 0) {
                port.at("containerPort").tellRequired("");
            } else {
                port.at("containerPort").between(1, 65535);
            }
            if (port.at("hostPort").number() != 0) {
                port.at("hostPort").between(1, 65535);
            }
            port.at("protocol").required().oneOf(PROTOCOLS);
        }
    }

    private void resizePolicy(Field policies) {
        Set<String> known = new HashSet<>();
        for (Field policy : policies.items()) {
            String resource = policy.at("resourceName").text();
            if (!known.add(resource)) {
                policy.duplicate(resource);
            }
            policies.with(policy.at("resourceName").value()).required().oneOf("cpu", "memory");
            Field restart = policies.with(policy.at("restartPolicy").value());
            restart.required().oneOf("NotRequired", "RestartContainer");
            if (spec.at("restartPolicy").is("Never") && !restart.is("NotRequired")) {
                restart.invalid("must be 'NotRequired' when pod `restartPolicy` is 'Never'");
            }
        }
    }
}
