package io.hypernetes.api.types.kind;

import static io.hypernetes.api.Trees.object;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.FieldError;
import io.hypernetes.api.Metadata;
import io.hypernetes.api.names.Names;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import tools.jackson.databind.node.ObjectNode;

import java.util.stream.Collectors;

class ObjectMetaValidationTest {

    private static String told(java.util.List<FieldError> errors) {
        return errors.stream().map(FieldError::toString).collect(Collectors.joining(" && "));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            emptyValue = "",
            textBlock =
                    """
                    'name':'a.b'                             | ``
                    'generateName':'a-','name':'a-x7f2q'     | ``
                    'name':''                                | metadata.name: Required value: name or generateName is required
                    'name':'a','namespace':''                | metadata.namespace: Required value
                    'name':'a','labels':{'app.kubernetes.io/name':'web','tier':''} | ``
                    'name':'a','labels':{'/x':'1'}           | metadata.labels: Invalid value: "/x": prefix part must be non-empty
                    'name':'a','finalizers':['hypernetes.io/user','orphan'] | ``
                    'name':'a','finalizers':['mine']         | metadata.finalizers[0]: Invalid value: "mine": name is neither a standard finalizer name nor is it fully qualified
                    'name':'a','ownerReferences':[{'apiVersion':'v1','kind':'Pod','name':'p','uid':'u'}] | ``
                    'name':'a','ownerReferences':[{'apiVersion':'a/b/c','kind':'Pod','name':'p','uid':''}] | metadata.ownerReferences.apiVersion: Invalid value: "a/b/c": version must not be empty && metadata.ownerReferences.uid: Invalid value: "": must not be empty
                    'name':'a','ownerReferences':[{'apiVersion':'v1','kind':'Event','name':'e','uid':'u'}] | metadata.ownerReferences: Invalid value: {"apiVersion":"v1","kind":"Event","name":"e","uid":"u"}: /v1, Kind=Event is disallowed from being an owner
                    """)
    void mistakes(String metadata, String errors) {
        ObjectNode object = object("{'metadata':{" + metadata + "}}");
        if (!metadata.contains("'namespace'")) {
            Metadata.ensureMetadata(object).put("namespace", "web");
        }
        assertThat(told(ObjectMetaValidation.validate(object, true, Names::dnsSubdomain)))
                .isEqualTo(errors);
    }

    @Test
    void clusterScopedObjectsHaveNoNamespace() {
        assertThat(
                        told(
                                ObjectMetaValidation.validate(
                                        object("{'metadata':{'name':'a','namespace':'b'}}"),
                                        false,
                                        Names::dnsLabel)))
                .isEqualTo("metadata.namespace: Forbidden: not allowed on this type");
    }

    @Test
    void onlyOneOwnerIsTheController() {
        String owner = "{'apiVersion':'v1','kind':'%s','name':'x','uid':'u','controller':true}";
        ObjectNode object =
                object(
                        "{'metadata':{'name':'a','namespace':'b','ownerReferences':["
                                + owner.formatted("Pod")
                                + ","
                                + owner.formatted("Node")
                                + "]}}");
        assertThat(told(ObjectMetaValidation.validate(object, true, Names::dnsLabel)))
                .startsWith("metadata.ownerReferences: Invalid value: [{")
                .endsWith(
                        "Only one reference can have Controller set to true. Found \"true\" in"
                                + " references for Pod/x and Node/x");
    }

    @ParameterizedTest
    @CsvSource({
        "262143,''",
        "262144,metadata.annotations: Too long: may not be more than 262144 bytes"
    })
    void annotationsHoldAQuarterOfAMebibyte(int bytes, String errors) {
        ObjectNode object = object("{'metadata':{'name':'a','namespace':'b'}}");
        Metadata.ensureAnnotations(object).put("Key", "x".repeat(bytes - 2));
        assertThat(told(ObjectMetaValidation.validate(object, true, Names::dnsLabel)))
                .isEqualTo(errors);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            emptyValue = "",
            textBlock =
                    """
                    'name':'a'                        | 'name':'a','labels':{'x':'1'}   | ``
                    'name':'a'                        | 'name':'b'                      | metadata.name: Invalid value: "b": field is immutable
                    'uid':'1'                         | 'uid':'2'                       | metadata.uid: Invalid value: "2": field is immutable
                    'uid':'1'                         | 'name':'a'                      | metadata.uid: Invalid value: "": field is immutable
                    'finalizers':['a/b'],'deletionTimestamp':'t' | 'finalizers':[],'deletionTimestamp':'t' | ``
                    'finalizers':['a/b'],'deletionTimestamp':'t' | 'finalizers':['a/b','c/d','a/c'],'deletionTimestamp':'t' | metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{"a/c", "c/d"}
                    """)
    void updates(String before, String after, String errors) {
        ObjectNode old = object("{'metadata':{" + before + "}}");
        ObjectNode now = object("{'metadata':{" + after + "}}");
        for (ObjectNode object : java.util.List.of(old, now)) {
            Trees.setDefault(Metadata.ensureMetadata(object), "name", "a");
        }
        assertThat(told(ObjectMetaValidation.validateUpdate(now, old))).isEqualTo(errors);
    }
}
