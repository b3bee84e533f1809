package io.hypernetes.api.schema;

import static io.hypernetes.api.schema.Trees.pod;
import static io.hypernetes.api.schema.Trees.schema;
import static io.hypernetes.api.schema.Trees.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.FieldError;
import io.hypernetes.api.GroupVersionKind;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import tools.jackson.databind.node.ObjectNode;

final class ObjectDecoderTest {

    private static final GroupVersionKind POD = new GroupVersionKind("", "v1", "Pod");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'spec':{'containers':'x'}} | json: cannot unmarshal string into Go struct field"
                        + " PodSpec.spec.containers of type []v1.Container",
                "{'spec':7} | json: cannot unmarshal number into Go struct field Pod.spec of type"
                        + " v1.PodSpec",
                "{'metadata':{'labels':{'a':1}}} | json: cannot unmarshal number into Go struct"
                        + " field ObjectMeta.metadata.labels of type string",
                "{'spec':{'containers':[{'ports':[{'containerPort':'80'}]}]}} | json: cannot"
                        + " unmarshal string into Go struct field"
                        + " ContainerPort.spec.containers.ports.containerPort of type int32",
                "{'spec':{'priority':1.5}} | json: cannot unmarshal number 1.5 into Go struct field"
                        + " PodSpec.spec.priority of type int32",
                "{'spec':{'hostPID':'no'}} | json: cannot unmarshal string into Go struct field"
                        + " PodSpec.spec.hostPID of type bool",
                "{'spec':{'overhead':{'cpu':'lots'}}} | quantities must match the regular"
                        + " expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
                "{'metadata':{'creationTimestamp':'noon'}} | parsing time \"noon\" as"
                        + " \"2006-01-02T15:04:05Z07:00\": cannot parse \"noon\" as \"2006\"",
            })
    void wrongTypesAreRefusedInGoWords(String text, String message) {
        ObjectNode object = tree(text.replace("`", "'"));
        assertThatThrownBy(() -> ObjectDecoder.decode(pod(), POD, object, FieldValidation.STRICT))
                .isInstanceOf(ApiException.class)
                .hasMessage(
                        "Pod in version \"v1\" cannot be handled as a Pod: "
                                + message.replace('`', '\''));
    }

    @Test
    void unknownFieldsAreRefusedWhenStrict() {
        ObjectNode object =
                tree("{'foo':1,'spec':{'containers':[{'name':'a','imagee':'x'}],'bar':{}}}");
        assertThatThrownBy(() -> ObjectDecoder.decode(pod(), POD, object, FieldValidation.STRICT))
                .hasMessage(
                        "Pod in version \"v1\" cannot be handled as a Pod: strict decoding error:"
                                + " unknown field \"foo\", unknown field"
                                + " \"spec.containers[0].imagee\", unknown field \"spec.bar\"");
    }

    @Test
    void unknownFieldsAreDroppedWithWarnings() {
        ObjectNode object = tree("{'foo':1,'spec':{'nodeName':'n'}}");
        assertThat(ObjectDecoder.decode(pod(), POD, object, FieldValidation.WARN))
                .containsExactly("unknown field \"foo\"");
        assertThat(object).isEqualTo(tree("{'metadata':{},'spec':{'nodeName':'n'},'status':{}}"));
    }

    @Test
    void zerosThatGoLeavesOutAreDropped() {
        ObjectNode object =
                tree(
                        "{'metadata':{'labels':{},'annotations':{'a':''}},'spec':{'hostPID':false,"
                                + "'volumes':[],'nodeName':'','terminationGracePeriodSeconds':0,"
                                + "'securityContext':{},'containers':[]}}");
        ObjectDecoder.decode(pod(), POD, object, FieldValidation.WARN);
        assertThat(object)
                .isEqualTo(
                        tree(
                                "{'metadata':{'annotations':{'a':''}},"
                                        + "'spec':{'terminationGracePeriodSeconds':0,"
                                        + "'securityContext':{}},'status':{}}"));
    }

    @Test
    void zerosThatGoWritesAreAdded() {
        Schema.Struct event = new BuiltinSchema("io.k8s.api.core.v1.Event").struct();
        ObjectNode object = tree("{'reason':'R','series':{}}");
        GoZeros.drop(event, object);
        ObjectNode decoded =
                tree(
                        "{'reason':'R','series':{},'metadata':{},'involvedObject':{},'source':{},"
                                + "'reportingComponent':'','reportingInstance':''}");
        assertThat(object).isEqualTo(decoded);
        GoZeros.addNulls(event, object);
        assertThat(object)
                .isEqualTo(
                        tree(
                                "{'reason':'R','series':{'lastObservedTime':null},'metadata':{},"
                                        + "'involvedObject':{},'source':{},'eventTime':null,"
                                        + "'firstTimestamp':null,'lastTimestamp':null,"
                                        + "'reportingComponent':'','reportingInstance':''}"));
        GoZeros.drop(event, object);
        assertThat(object).isEqualTo(decoded);
    }

    @Test
    void quantitiesAndTimesAreAsGoWritesThem() {
        Schema.Struct scaler = new BuiltinSchema("io.k8s.api.autoscaling.v2.MetricTarget").struct();
        ObjectNode target = tree("{'type':'Value','value':5,'averageValue':'1024Mi'}");
        GoZeros.drop(scaler, target);
        assertThat(target).isEqualTo(tree("{'type':'Value','value':'5','averageValue':'1Gi'}"));
        Schema.Struct lease = new BuiltinSchema("io.k8s.api.coordination.v1.LeaseSpec").struct();
        ObjectNode spec =
                tree(
                        "{'acquireTime':'2026-01-01T01:00:00+01:00',"
                                + "'renewTime':'2026-01-01 00:00:00Z'}");
        GoZeros.drop(lease, spec);
        assertThat(spec)
                .isEqualTo(
                        tree(
                                "{'acquireTime':'2026-01-01T00:00:00.000000Z',"
                                        + "'renewTime':'2026-01-01 00:00:00Z'}"));
    }

    @Test
    void aZeroOfAnotherTypeIsAMistake() {
        ObjectNode object = tree("{'spec':{'hostPID':''}}");
        assertThatThrownBy(() -> ObjectDecoder.decode(pod(), POD, object, FieldValidation.WARN))
                .hasMessageEndingWith("PodSpec.spec.hostPID of type bool");
    }

    @Test
    void unknownFieldsAreDroppedInSilenceWhenIgnored() {
        ObjectNode object =
                tree("{'foo':1,'metadata':{'managedFields':[{'fieldsV1':{'f:x':{}}}]}}");
        assertThat(ObjectDecoder.decode(pod(), POD, object, FieldValidation.IGNORE)).isEmpty();
        assertThat(object)
                .isEqualTo(
                        tree(
                                "{'metadata':{'managedFields':[{'fieldsV1':{'f:x':{}}}]},"
                                        + "'spec':{},'status':{}}"));
    }

    @Test
    void nullsAreAbsentFieldsAndZeroItems() {
        ObjectNode object =
                tree(
                        "{'status':null,'metadata':{'labels':{'a':null},'annotations':null},"
                                + "'spec':{'containers':[null]}}");
        ObjectDecoder.decode(pod(), POD, object, FieldValidation.STRICT);
        assertThat(object)
                .isEqualTo(
                        tree(
                                "{'metadata':{'labels':{'a':''}},'spec':{'containers':[{'name':'','resources':{}}]},'status':{}}"));
    }

    @Test
    void missingRequiredFieldsOfBuiltInKindsAreLeftToTheirRules() {
        ObjectNode object = tree("{'spec':{'containers':[{}]}}");
        assertThat(ObjectDecoder.decode(pod(), POD, object, FieldValidation.STRICT)).isEmpty();
        assertThat(SchemaValidator.validate(pod(), object)).isEmpty();
    }

    @Test
    void usersKeepFieldsOfTheirOwn() {
        ObjectNode user = tree("{'username':'alice chen','shoe':{'size':38}}");
        Schema.Struct schema = schema("io.hypernetes.v1.User");
        assertThat(
                        ObjectDecoder.decode(
                                schema,
                                new GroupVersionKind("hypernetes.io", "v1", "User"),
                                user,
                                FieldValidation.STRICT))
                .isEmpty();
        assertThat(user.path("shoe").path("size").asInt()).isEqualTo(38);
    }

    @Test
    void ourOwnTypesAreCheckedBySchema() {
        ObjectNode user =
                tree(
                        "{'username':7,'spec':{'tenants':[{'role':'boss'},{'name':'a'},{'name':'a'}]}}");
        assertThat(SchemaValidator.validate(schema("io.hypernetes.v1.User"), user))
                .extracting(FieldError::toString)
                .containsExactly(
                        "username: Invalid value: \"integer\": username in body must be of type"
                                + " string: \"integer\"",
                        "spec.tenants[0].name: Required value",
                        "spec.tenants[0].role: Unsupported value: \"boss\": supported values:"
                                + " \"admin\", \"member\", \"reader\"",
                        "spec.tenants[2]: Duplicate value: {\"name\":\"a\"}");
    }

    @Test
    void metadataOfOurOwnTypesIsDecodedAsKubernetesDoes() {
        ObjectNode tenant = tree("{'metadata':{'labels':[]},'spec':7}");
        Schema.Struct schema = schema("io.hypernetes.v1.Tenant");
        GroupVersionKind kind = new GroupVersionKind("hypernetes.io", "v1", "Tenant");
        assertThat(SchemaValidator.decodeError(schema, kind, tenant))
                .hasValue(
                        "Tenant in version \"v1\" cannot be handled as a Tenant: json: cannot"
                            + " unmarshal array into Go struct field ObjectMeta.metadata.labels of"
                            + " type map[string]string");
        assertThat(SchemaValidator.validate(schema, tenant)).hasSize(1);
    }

    @Test
    void defaultsOfMarkersAreFilledIn() {
        ObjectNode pod =
                tree("{'spec':{'containers':[{'name':'a','ports':[{'containerPort':80}]}]}}");
        SchemaDefaults.apply(pod(), pod);
        assertThat(pod)
                .isEqualTo(
                        tree(
                                "{'spec':{'containers':[{'name':'a','ports':[{'containerPort':80,"
                                        + "'protocol':'TCP'}]}]}}"));
        ObjectNode user = tree("{'spec':{'tenants':[{'name':'acme'}]}}");
        SchemaDefaults.apply(schema("io.hypernetes.v1.User"), user);
        assertThat(user).isEqualTo(tree("{'spec':{'tenants':[{'name':'acme','role':'member'}]}}"));
    }
}
