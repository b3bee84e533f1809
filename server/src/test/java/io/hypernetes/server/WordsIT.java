package io.hypernetes.server;

import static io.hypernetes.server.TestServer.ALICE;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.json.Json;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;

/**
 * Requests that are wrong in themselves, in the words of a kube-apiserver 1.36.2, found beside one.
 */
class WordsIT {
    private static final String MAPS = "/api/v1/namespaces/default/configmaps";
    private static final String DEPLOYMENTS = "/apis/apps/v1/namespaces/default/deployments";
    private static TestServer server;

    @BeforeAll
    static void start() throws IOException {
        server = new TestServer();
        created(
                DEPLOYMENTS,
                "{'metadata':{'name':'d'},'spec':{'selector':{'matchLabels':{'a':'b'}},'template':"
                        + "{'metadata':{'labels':{'a':'b'}},'spec':{'containers':[{'name':'c',"
                        + "'image':'i'}]}}}}");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static JsonNode created(String path, String body) {
        HttpResponse<String> response = sent("POST", path, body);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
        return tree(response);
    }

    private static HttpResponse<String> sent(String method, String path, String body) {
        return server.send(ALICE, method, path, body.replace('\'', '"'));
    }

    private static JsonNode tree(HttpResponse<String> response) {
        return Json.parse(response.body().getBytes(StandardCharsets.UTF_8));
    }

    private static void refused(HttpResponse<String> response, int code, String message) {
        JsonNode status = tree(response);
        assertThat(status.path("message").asString("")).isEqualTo(message);
        assertThat(response.statusCode()).isEqualTo(code);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {'metadata':{'name':'q','creationTimestamp':1}} | number into Go struct field ObjectMeta.metadata.creationTimestamp of type string
                    {'metadata':{'name':'q','uid':true}} | bool into Go struct field ObjectMeta.metadata.uid of type types.UID
                    {'metadata':{'name':'q','ownerReferences':[{'uid':{}}]}} | object into Go struct field OwnerReference.metadata.ownerReferences.uid of type types.UID
                    """)
    void wrongTypesAreNamedAsInGo(String body, String message) {
        refused(
                sent("POST", MAPS, body),
                400,
                "ConfigMap in version \"v1\" cannot be handled as a ConfigMap: json: cannot"
                        + " unmarshal "
                        + message);
    }

    @Test
    void aTypeWithANameIsToldByIt() {
        refused(
                sent("POST", "/api/v1/namespaces/default/pods", "{'spec':{'restartPolicy':1}}"),
                400,
                "Pod in version \"v1\" cannot be handled as a Pod: json: cannot unmarshal number"
                        + " into Go struct field PodSpec.spec.restartPolicy of type"
                        + " v1.RestartPolicy");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    timeoutSeconds=x | strconv.ParseInt: parsing "x": invalid syntax
                    timeoutSeconds=  | strconv.ParseInt: parsing "": invalid syntax
                    limit=           | strconv.ParseInt: parsing "": invalid syntax
                    timeout=x        | invalid timeout specified in the request URL - time: invalid duration "x"
                    timeout=5        | invalid timeout specified in the request URL - time: missing unit in duration "5"
                    """)
    void parametersThatAreNoNumbers(String query, String message) {
        refused(server.get(ALICE, MAPS + "?" + query), 400, message);
    }

    @Test
    void durationsAreRead() {
        for (String timeout : new String[] {"5s", "1m30s", "0", "1.5h", ""}) {
            assertThat(server.get(ALICE, MAPS + "?timeout=" + timeout).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void aPathWithAHoleIsNotServed() {
        String absent = "the server could not find the requested resource";
        refused(server.get(ALICE, "/api/v1//namespaces/default/configmaps"), 404, absent);
        refused(server.get(ALICE, "/api/v1/namespaces/default//configmaps"), 404, absent);
        refused(server.get(ALICE, "/api/v1/watch/configmaps/m"), 404, absent);
        assertThat(server.get(ALICE, MAPS + "/").statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {'gracePeriodSeconds':'x'} | json: cannot unmarshal string into Go struct field DeleteOptions.gracePeriodSeconds of type int64
                    {'propagationPolicy':1}    | json: cannot unmarshal number into Go struct field DeleteOptions.propagationPolicy of type v1.DeletionPropagation
                    {'preconditions':{'uid':1}} | json: cannot unmarshal number into Go struct field Preconditions.preconditions.uid of type types.UID
                    {'dryRun':'All'}           | json: cannot unmarshal string into Go struct field DeleteOptions.dryRun of type []string
                    {'kind':'Foo','apiVersion':'v1'} | no kind "Foo" is registered for version "v1" in scheme "k8s.io/apimachinery/pkg/apis/meta/internalversion/scheme/register.go:27"
                    """)
    void optionsOfADeletionHaveTypes(String options, String message) {
        refused(sent("DELETE", MAPS + "/absent", options), 400, message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    []  | the object provided is unrecognized (must be of type Scale): couldn't get version/kind; json parse error: json: cannot unmarshal array into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" } (5b5d)
                    {}  | the name of the object (d based on URL) was undeterminable: name must be provided
                    {'kind':'Foo','apiVersion':'autoscaling/v1'} | Foo in version "v1" cannot be handled as a Scale: no kind "Foo" is registered for version "autoscaling/v1" in scheme "pkg/api/legacyscheme/scheme.go:30"
                    {'metadata':{'name':'d'},'spec':{'replicas':1.5}} | Scale in version "v1" cannot be handled as a Scale: json: cannot unmarshal number 1.5 into Go struct field ScaleSpec.spec.replicas of type int32
                    {'metadata':{'name':'d','namespace':'x'}} | the namespace of the provided object does not match the namespace sent on the request
                    """)
    void aScaleIsReadAsAKindIs(String scale, String message) {
        refused(sent("PUT", DEPLOYMENTS + "/d/scale", scale), 400, message);
    }

    @Test
    void ofAReviewOnlyTheAnswerGoesOut() {
        String authentication = "/apis/authentication.k8s.io/v1/";
        JsonNode self = created(authentication + "selfsubjectreviews", "{'metadata':{'name':'n'}}");
        assertThat(self.path("metadata").isEmpty()).isTrue();
        JsonNode token = created(authentication + "tokenreviews", "{'spec':{'token':'none'}}");
        assertThat(token.at("/status/user").toString()).isEqualTo("{}");
        assertThat(token.path("status").has("authenticated")).isFalse();
        assertThat(token.path("spec").has("token")).isFalse();
        String authorization = "/apis/authorization.k8s.io/v1/";
        JsonNode rules =
                created(
                        authorization + "selfsubjectrulesreviews",
                        "{'metadata':{'name':'n'},'spec':{'namespace':'default'}}");
        assertThat(rules.path("metadata").isEmpty()).isTrue();
        assertThat(rules.path("spec").isEmpty()).isTrue();
        refused(
                sent("POST", authorization + "subjectaccessreviews", "{'spec':{'user':1}}"),
                400,
                "SubjectAccessReview in version \"v1\" cannot be handled as a SubjectAccessReview:"
                        + " json: cannot unmarshal number into Go struct field"
                        + " SubjectAccessReviewSpec.spec.user of type string");
    }
}
