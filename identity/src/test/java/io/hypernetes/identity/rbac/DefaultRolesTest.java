package io.hypernetes.identity.rbac;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.types.BuiltinTypes;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The default roles are upstream's: none is missing, and none names what nobody serves. */
final class DefaultRolesTest {

    /** What roles name that is no resource of ours: other servers', of old, or rights alone. */
    private static final Set<String> ELSEWHERE =
            Set.of(
                    "certificates.k8s.io/signers",
                    "coordination.k8s.io/leasecandidates",
                    "metrics.k8s.io/pods",
                    "authentication.k8s.io/tokenreviews",
                    "authentication.k8s.io/selfsubjectreviews",
                    "authorization.k8s.io/subjectaccessreviews",
                    "authorization.k8s.io/localsubjectaccessreviews",
                    "authorization.k8s.io/selfsubjectaccessreviews",
                    "authorization.k8s.io/selfsubjectrulesreviews",
                    "/bindings");

    private static final Map<String, ObjectNode> ROLES =
            Stream.concat(
                            DefaultRoles.clusterRoles().stream(),
                            ComponentRoles.all().stream()
                                    .filter(d -> d.type().equals(BuiltinTypes.CLUSTER_ROLES))
                                    .map(ComponentRoles.Default::object))
                    .collect(Collectors.toMap(Metadata::name, Function.identity()));

    @Test
    void thereAreAsManyAsUpstreamHas() {
        List<String> controllers =
                ROLES.keySet().stream().filter(n -> n.startsWith("system:controller:")).toList();
        assertThat(controllers).hasSize(38);
        assertThat(ROLES).hasSize(38 + 32);
        assertThat(ROLES.values())
                .allSatisfy(role -> {
                    assertThat(Metadata.label(role, DefaultRoles.LABEL)).isEqualTo("rbac-defaults");
                    assertThat(Metadata.annotation(role, DefaultRoles.AUTO_UPDATE))
                            .isEqualTo("true");
                });
    }

    @Test
    void whatTheyNameIsServed() {
        Set<String> served =
                BuiltinTypes.ALL.stream()
                        .map(type -> type.id().group() + "/" + type.id().resource())
                        .collect(Collectors.toSet());
        for (Map.Entry<String, ObjectNode> role : ROLES.entrySet()) {
            for (Rule rule : Rule.of(role.getValue())) {
                // Kubernetes' old group still stands in rules, so that old servers know them too.
                List<String> groups =
                        rule.apiGroups().stream()
                                .filter(g -> !g.equals("*") && !g.equals("extensions"))
                                .filter(g -> !g.contains("external") && !g.contains("custom"))
                                .toList();
                for (String group : groups) {
                    for (String resource : rule.resources()) {
                        String name = group + "/" + resource.split("/", 2)[0];
                        assertThat(
                                        resource.equals("*")
                                                || ELSEWHERE.contains(name)
                                                || served.contains(name))
                                .as("%s of %s", name, role.getKey())
                                .isTrue();
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    view  | get    | apps              | deployments/scale | true
                    view  | get    | ''                | secrets           | false
                    view  | create | ''                | pods              | false
                    view  | list   | coordination.k8s.io | leases          | false
                    edit  | get    | ''                | secrets           | true
                    edit  | create | ''                | pods/exec         | true
                    edit  | update | ''                | endpoints         | false
                    edit  | create | networking.k8s.io | networkpolicies   | true
                    edit  | create | resource.k8s.io   | resourceclaims    | true
                    edit  | create | rbac.authorization.k8s.io | roles     | false
                    edit  | update | ''                | resourcequotas    | false
                    admin | create | rbac.authorization.k8s.io | rolebindings | true
                    admin | update | ''                | resourcequotas    | false
                    system:kube-scheduler | create | '' | pods/binding     | true
                    system:kube-scheduler | create | '' | pods             | false
                    system:node-proxier   | watch  | discovery.k8s.io | endpointslices | true
                    system:controller:horizontal-pod-autoscaler | update | apps | deployments/scale | true
                    system:controller:job-controller | create | '' | pods | true
                    """)
    void whatTheyAllow(String role, String verb, String group, String resource, boolean allowed) {
        boolean found =
                Rule.of(Objects.requireNonNull(ROLES.get(role))).stream()
                        .anyMatch(rule ->
                                (rule.verbs().contains(verb))
                                        && (rule.apiGroups().contains(group)
                                                || rule.apiGroups().contains("*"))
                                        && (rule.resources().contains(resource)
                                                || rule.resources()
                                                        .contains(
                                                                "*/"
                                                                        + resource.replaceFirst(
                                                                                ".*/", ""))));
        assertThat(found).isEqualTo(allowed);
    }
}
