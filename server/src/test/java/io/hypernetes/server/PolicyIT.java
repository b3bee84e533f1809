package io.hypernetes.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.json.Json;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;

/** Policies in CEL. */
class PolicyIT {
    private static final String MAPS = "/api/v1/namespaces/default/configmaps";
    private static final String GROUP = "/apis/admissionregistration.k8s.io/v1/";
    private static final String CONSTRAINTS =
            """
              matchConstraints:
                resourceRules:
                - {apiGroups: [""], apiVersions: [v1], resources: [configmaps], operations: [CREATE, UPDATE]}
            """;

    private TestServer server;

    @BeforeEach
    void start() throws IOException {
        server = new TestServer();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private void apply(String token, String resource, String yaml) {
        HttpResponse<String> answer =
                server.send(token, "POST", GROUP + resource, yaml, "application/yaml");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    }

    private void validating(String token, String name, String spec, String binding) {
        apply(
                token,
                "validatingadmissionpolicies",
                """
                apiVersion: admissionregistration.k8s.io/v1
                kind: ValidatingAdmissionPolicy
                metadata: {name: %s}
                spec:
                %s%s
                """
                        .formatted(name, CONSTRAINTS, spec.indent(2)));
        apply(
                token,
                "validatingadmissionpolicybindings",
                """
                apiVersion: admissionregistration.k8s.io/v1
                kind: ValidatingAdmissionPolicyBinding
                metadata: {name: %s-binding}
                spec:
                  policyName: %s
                %s
                """
                        .formatted(name, name, binding.indent(2)));
    }

    private HttpResponse<String> create(String token, String name, String data) {
        return server.send(
                token,
                "POST",
                MAPS,
                "{\"apiVersion\": \"v1\", \"kind\": \"ConfigMap\", \"metadata\": {\"name\": \""
                        + name
                        + "\"}, \"data\": {"
                        + data
                        + "}}");
    }

    private static JsonNode tree(HttpResponse<String> answer) {
        return Json.parse(answer.body().getBytes(StandardCharsets.UTF_8));
    }

    private static String message(HttpResponse<String> answer) {
        return tree(answer).path("message").asString("");
    }

    @Test
    void aViolationIsDeniedInTheWordsOfUpstream() {
        validating(
                TestServer.ALICE,
                "small",
                """
                variables:
                - {name: limit, expression: "2"}
                validations:
                - expression: "object.data.size() <= variables.limit"
                  messageExpression: "'at most ' + string(variables.limit) + ' entries'"
                """,
                "validationActions: [Deny]");
        assertThat(create(TestServer.ALICE, "ok", "\"a\": \"1\"").statusCode()).isEqualTo(201);
        HttpResponse<String> denied =
                create(TestServer.ALICE, "m", "\"a\": \"1\", \"b\": \"2\", \"c\": \"3\"");
        assertThat(denied.statusCode()).isEqualTo(422);
        assertThat(message(denied))
                .isEqualTo(
                        "configmaps \"m\" is forbidden: ValidatingAdmissionPolicy 'small' with"
                                + " binding 'small-binding' denied request: at most 2 entries");
        assertThat(tree(denied).path("reason").asString()).isEqualTo("Invalid");
    }

    @Test
    void worldsHavePoliciesOfTheirOwn() {
        String spec = "validations: [{expression: \"'%s' in object.data\"}]";
        validating(TestServer.ALICE, "same", spec.formatted("a"), "validationActions: [Deny]");
        validating(TestServer.BOB, "same", spec.formatted("b"), "validationActions: [Deny]");
        assertThat(create(TestServer.ALICE, "m", "\"a\": \"1\"").statusCode()).isEqualTo(201);
        assertThat(create(TestServer.BOB, "m", "\"b\": \"1\"").statusCode()).isEqualTo(201);
        assertThat(create(TestServer.ALICE, "n", "\"b\": \"1\"").statusCode()).isEqualTo(422);
        assertThat(create(TestServer.BOB, "n", "\"a\": \"1\"").statusCode()).isEqualTo(422);
        assertThat(create(TestUsers.OPERATOR, "n", "\"x\": \"1\"").statusCode()).isEqualTo(201);
    }

    @Test
    void aWarningIsToldAndTheRequestDone() {
        validating(
                TestServer.ALICE,
                "soft",
                """
                matchConditions:
                - {name: only-w, expression: "request.name.startsWith('w') && request.userInfo.username == 'alice'"}
                validations:
                - {expression: "false", message: "better not"}
                """,
                "validationActions: [Warn, Audit]");
        HttpResponse<String> warned = create(TestServer.ALICE, "w", "");
        assertThat(warned.statusCode()).isEqualTo(201);
        assertThat(warned.headers().firstValue("Warning"))
                .hasValue(
                        "299 - \"Validation failed for ValidatingAdmissionPolicy 'soft' with"
                                + " binding 'soft-binding': better not\"");
        assertThat(create(TestServer.ALICE, "v", "").headers().firstValue("Warning")).isEmpty();
    }

    @Test
    void parametersComeFromObjects() {
        create(TestServer.ALICE, "limits", "\"most\": \"1\"");
        validating(
                TestServer.ALICE,
                "param",
                """
                paramKind: {apiVersion: v1, kind: ConfigMap}
                validations:
                - {expression: "object.data.size() <= int(params.data.most)", reason: Forbidden}
                """,
                """
                validationActions: [Deny]
                paramRef: {name: limits, namespace: default, parameterNotFoundAction: Deny}
                """);
        HttpResponse<String> denied = create(TestServer.ALICE, "m", "\"a\": \"1\", \"b\": \"2\"");
        assertThat(denied.statusCode()).isEqualTo(403);
        assertThat(message(denied))
                .endsWith(
                        "denied request: failed expression: object.data.size() <="
                                + " int(params.data.most)");
    }

    @Test
    void rightsCanBeAskedFor() {
        validating(
                TestServer.ALICE,
                "rights",
                """
                validations:
                - expression: "authorizer.group('').resource('secrets').namespace('default').check('create').allowed()"
                - expression: "authorizer.requestResource.check('create').allowed()"
                - expression: "namespaceObject.metadata.name == 'default'"
                - expression: "oldObject == null && request.operation == 'CREATE'"
                """,
                "validationActions: [Deny]");
        HttpResponse<String> answer = create(TestServer.ALICE, "m", "");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    }

    @Test
    void whatCannotBeEvaluatedFailsClosedUnlessToldOtherwise() {
        validating(
                TestServer.ALICE,
                "broken",
                "validations: [{expression: \"object.data.missing == 'x'\"}]",
                "validationActions: [Deny]");
        assertThat(message(create(TestServer.ALICE, "m", "\"a\": \"1\"")))
                .endsWith(
                        "denied request: expression 'object.data.missing == 'x'' resulted in error:"
                                + " no such key: missing");
    }

    @Test
    void aPolicyChangesWhatIsWritten() {
        apply(
                TestServer.ALICE,
                "mutatingadmissionpolicies",
                """
                apiVersion: admissionregistration.k8s.io/v1
                kind: MutatingAdmissionPolicy
                metadata: {name: mark}
                spec:
                %s
                  reinvocationPolicy: Never
                  failurePolicy: Fail
                  mutations:
                  - patchType: ApplyConfiguration
                    applyConfiguration:
                      expression: 'Object{metadata: Object.metadata{labels: {"by": request.userInfo.username}}}'
                  - patchType: JSONPatch
                    jsonPatch:
                      expression: '[JSONPatch{op: "add", path: "/data/" + jsonpatch.escapeKey("a.b"), value: string(object.data.size())}]'
                """
                        .formatted(CONSTRAINTS));
        apply(
                TestServer.ALICE,
                "mutatingadmissionpolicybindings",
                """
                apiVersion: admissionregistration.k8s.io/v1
                kind: MutatingAdmissionPolicyBinding
                metadata: {name: mark}
                spec: {policyName: mark}
                """);
        HttpResponse<String> made = create(TestServer.ALICE, "m", "\"x\": \"1\"");
        assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
        assertThat(tree(made).path("metadata").path("labels").path("by").asString())
                .isEqualTo("alice");
        assertThat(tree(made).path("data").path("a.b").asString()).isEqualTo("1");
        assertThat(tree(create(TestServer.BOB, "m", "")).path("metadata").has("labels")).isFalse();
    }

    @Test
    void aConnectionToAPodIsAdmittedToo() {
        apply(
                TestServer.ALICE,
                "validatingadmissionpolicies",
                """
                apiVersion: admissionregistration.k8s.io/v1
                kind: ValidatingAdmissionPolicy
                metadata: {name: no-shells}
                spec:
                  matchConstraints:
                    resourceRules:
                    - {apiGroups: [""], apiVersions: [v1], operations: [CONNECT], resources: [pods/exec]}
                  validations:
                  - expression: "!object.command.exists(c, c == 'sh')"
                    message: no shells here
                """);
        apply(
                TestServer.ALICE,
                "validatingadmissionpolicybindings",
                """
                apiVersion: admissionregistration.k8s.io/v1
                kind: ValidatingAdmissionPolicyBinding
                metadata: {name: no-shells}
                spec: {policyName: no-shells, validationActions: [Deny]}
                """);
        String exec = "/api/v1/namespaces/default/pods/none/exec?container=c&command=";
        HttpResponse<String> refused = server.send(TestServer.ALICE, "POST", exec + "sh", "");
        assertThat(message(refused)).contains("denied request: no shells here");
        assertThat(message(server.send(TestServer.ALICE, "POST", exec + "ls", "")))
                .doesNotContain("denied");
        assertThat(message(server.send(TestServer.BOB, "POST", exec + "sh", "")))
                .doesNotContain("denied");
    }

    @Test
    void theStatusTellsWhatIsWrongForTheKindsThatAreNamed() throws Exception {
        String policy =
                """
                apiVersion: admissionregistration.k8s.io/v1
                kind: ValidatingAdmissionPolicy
                metadata: {name: sizes}
                spec:
                  matchConstraints:
                    resourceRules:
                    - {apiGroups: [apps], apiVersions: [v1], operations: [CREATE], resources: [deployments]}
                  variables: [{name: size, expression: object.spec.replicas}]
                  validations:
                  - {expression: 'object.spec.replicas > 1 && variables.size > 1'}
                  - {expression: 'object.spec.replica > 1'}
                """;
        apply(TestServer.ALICE, "validatingadmissionpolicies", policy);
        String path = GROUP + "validatingadmissionpolicies/sizes";
        JsonNode status = Json.object();
        for (int i = 0; i < 1200 && !status.has("observedGeneration"); i++) {
            Thread.sleep(50);
            status =
                    Json.parse(
                                    server.get(TestServer.ALICE, path)
                                            .body()
                                            .getBytes(StandardCharsets.UTF_8))
                            .path("status");
        }
        assertThat(status.path("observedGeneration").asInt()).isEqualTo(1);
        JsonNode warnings = status.at("/typeChecking/expressionWarnings");
        assertThat(warnings.size()).as(warnings.toString()).isEqualTo(1);
        assertThat(warnings.at("/0/fieldRef").asString())
                .isEqualTo("spec.validations[1].expression");
        assertThat(warnings.at("/0/warning").asString())
                .startsWith("apps/v1, Kind=Deployment: ")
                .contains("undefined field 'replica'");
    }

    /** Told when it is written, not when the first object comes. */
    @Test
    void expressionsThatDoNotCompileAreRefusedWithTheirPlace() {
        HttpResponse<String> validating =
                server.send(
                        TestServer.ALICE,
                        "POST",
                        GROUP + "validatingadmissionpolicies",
                        """
                        apiVersion: admissionregistration.k8s.io/v1
                        kind: ValidatingAdmissionPolicy
                        metadata: {name: broken}
                        spec:
                        %s  variables:
                          - {name: half, expression: "object.data.size() +"}
                          - {name: good, expression: "object.data.size()"}
                          validations:
                          - {expression: "variables.good"}
                          - {expression: "variables.good < unknown"}
                          - {expression: "true", messageExpression: "1"}
                          - {expression: "object.data"}
                          - {expression: "true", messageExpression: "string(authorizer.group('').resource('pods').check('get').allowed())"}
                          auditAnnotations:
                          - {key: k, valueExpression: "'a' +"}
                          - {key: l, valueExpression: "[1]"}
                        """
                                .formatted(CONSTRAINTS),
                        "application/yaml");
        assertThat(validating.statusCode()).as(validating.body()).isEqualTo(422);
        assertThat(message(validating))
                .contains(
                        "spec.variables[0].expression: Invalid value: \"object.data.size() +\":"
                                + " compilation failed: ",
                        "spec.validations[0].expression: Invalid value: \"variables.good\": must"
                                + " evaluate to bool but got int",
                        "spec.validations[1].expression: ",
                        "undeclared reference to 'unknown'",
                        "spec.validations[2].messageExpression: Invalid value: \"1\": must"
                                + " evaluate to string but got int",
                        // What may be of any type is no answer.
                        "spec.validations[3].expression: Invalid value: \"object.data\": must"
                                + " evaluate to bool but got dyn",
                        "spec.validations[4].messageExpression: ",
                        "undeclared reference to 'authorizer'",
                        "spec.auditAnnotations[0].valueExpression: ",
                        "spec.auditAnnotations[1].valueExpression: Invalid value: \"[1]\": must"
                                + " evaluate to one of [string null_type] but got list(int)");
        HttpResponse<String> mutating =
                server.send(
                        TestServer.ALICE,
                        "POST",
                        GROUP + "mutatingadmissionpolicies",
                        """
                        apiVersion: admissionregistration.k8s.io/v1
                        kind: MutatingAdmissionPolicy
                        metadata: {name: broken}
                        spec:
                        %s  reinvocationPolicy: Never
                          mutations:
                          - {patchType: JSONPatch, jsonPatch: {expression: "[JSONPatch{op: 1 +}]"}}
                          - {patchType: JSONPatch, jsonPatch: {expression: "JSONPatch{op: 'add'}"}}
                          - {patchType: ApplyConfiguration, applyConfiguration: {expression: "object"}}
                          - {patchType: ApplyConfiguration, applyConfiguration: {expression: "has(object)"}}
                        """
                                .formatted(CONSTRAINTS),
                        "application/yaml");
        assertThat(mutating.statusCode()).as(mutating.body()).isEqualTo(422);
        assertThat(message(mutating))
                .contains(
                        "spec.mutations[0].jsonPatch.expression: ",
                        "must evaluate to list(JSONPatch) but got JSONPatch",
                        "spec.mutations[2].applyConfiguration.expression: Invalid value:"
                                + " \"object\": must evaluate to Object but got dyn",
                        "<input>:1:5: invalid argument to has() macro");
    }
}
