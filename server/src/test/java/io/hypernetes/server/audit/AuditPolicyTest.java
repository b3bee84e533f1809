package io.hypernetes.server.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hypernetes.api.Tenant;
import io.hypernetes.api.access.Identity;
import io.hypernetes.api.access.UserInfo;
import io.hypernetes.server.access.Session;
import io.hypernetes.server.http.Query;
import io.hypernetes.server.request.RequestInfo;
import io.hypernetes.server.request.Target;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

class AuditPolicyTest {
    private static final String POLICY =
            """
            apiVersion: audit.k8s.io/v1
            kind: Policy
            omitStages: [RequestReceived]
            rules:
            - level: None
              users: [system:kube-proxy]
            - level: None
              nonResourceURLs: ["/healthz*", /version]
            - level: Metadata
              resources: [{group: "", resources: [secrets, pods/log, "*/status"]}]
            - level: RequestResponse
              tenants: [acme]
              verbs: [create]
              namespaces: [web]
            - level: Request
              userGroups: [devs]
              omitManagedFields: true
            """;

    private static AuditPolicy policy(String yaml) {
        return AuditPolicy.parse(yaml.getBytes(StandardCharsets.UTF_8));
    }

    private static AuditPolicy.Match match(
            String user, String group, String tenant, String method, String path) {
        Tenant world = new Tenant(tenant);
        Session session =
                new Session(
                        new Identity(
                                new UserInfo(user, "", List.of(group), Map.of()),
                                Optional.of(world),
                                Set.of(world),
                                false),
                        Optional.of(world));
        return policy(POLICY)
                .match(session, RequestInfo.of(method, Target.parse(path), Query.EMPTY));
    }

    @ParameterizedTest
    @CsvSource({
        "system:kube-proxy, x, system, GET, /api/v1/pods, None",
        "u, x, acme, GET, /healthz/ping, None",
        "u, x, acme, GET, /version, None",
        "u, x, acme, GET, /versions, None",
        "u, x, acme, GET, /api/v1/namespaces/a/secrets/s, Metadata",
        "u, x, acme, GET, /api/v1/namespaces/a/pods/p/log, Metadata",
        "u, x, acme, PUT, /api/v1/namespaces/a/pods/p/status, Metadata",
        "u, x, acme, GET, /api/v1/namespaces/a/pods/p, None",
        "u, x, acme, POST, /api/v1/namespaces/web/pods, RequestResponse",
        "u, x, globex, POST, /api/v1/namespaces/web/pods, None",
        "u, devs, globex, GET, /apis, Request",
    })
    void theFirstRuleThatMatchesDecides(
            String user, String group, String tenant, String method, String path, String level) {
        assertThat(match(user, group, tenant, method, path).level()).hasToString(level);
    }

    @Test
    void stagesAndManagedFieldsAreOmittedAsSaid() {
        AuditPolicy.Match devs = match("u", "devs", "acme", "GET", "/apis");
        assertThat(devs.omitStages()).containsExactly(AuditStage.RequestReceived);
        assertThat(devs.omitManagedFields()).isTrue();
        assertThat(match("u", "x", "acme", "GET", "/api/v1/secrets").omitManagedFields()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "kind: Policy | it must be a Policy of audit.k8s.io/v1 (apiVersion and kind)",
                "{apiVersion: audit.k8s.io/v1, kind: Policy} | rules: Required value",
                "{apiVersion: audit.k8s.io/v1, kind: Policy, rules: [{level: All}]}"
                        + "| rules[0].level: Unsupported value: \"All\": supported values: None,"
                        + " Metadata, Request, RequestResponse",
                "{apiVersion: audit.k8s.io/v1, kind: Policy, rules: [{level: None, user: [x]}]}"
                        + "| rules[0].user: unknown field",
                "{apiVersion: audit.k8s.io/v1, kind: Policy, rules: [{level: None, users: [1]}]}"
                        + "| rules[0].users[0]: must be a string",
                "{apiVersion: audit.k8s.io/v1, kind: Policy, rules: [{level: None,"
                        + " namespaces: [a], nonResourceURLs: [/x]}]}| not for both",
                "'[' | the audit policy cannot be used",
            })
    void aPolicyWithAMistakeIsRefusedWithItsPlace(String yaml, String problem) {
        assertThatThrownBy(() -> policy(yaml))
                .isInstanceOf(AuditPolicyException.class)
                .hasMessageContaining(problem.strip());
    }
}
