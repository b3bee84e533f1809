package io.hypernetes.api.custom;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.FieldError;
import io.hypernetes.api.Trees;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import tools.jackson.databind.node.ObjectNode;

import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Mistakes in definitions of custom resources, and how they are told. */
class DefinitionRulesTest {

    private static final DefinitionStrategy STRATEGY = new DefinitionStrategy();
    private static final String LABEL =
            "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with"
                    + " an alphabetic character, and end with an alphanumeric character (e.g."
                    + " 'my-name',  or 'abc-123', regex used for validation is"
                    + " '[a-z]([-a-z0-9]*[a-z0-9])?')";

    private static ObjectNode definition(String spec) {
        ObjectNode definition = DefinitionStrategyTest.definition("{'type':'object'}");
        ObjectNode own = Trees.object("{" + spec + "}");
        own.forEachEntry(
                (name, value) -> definition.withObjectProperty("spec").set(name, value.deepCopy()));
        STRATEGY.applyDefaults(definition);
        STRATEGY.prepareForCreate(definition);
        return definition;
    }

    private static String told(ObjectNode definition) {
        return Stream.concat(
                        STRATEGY.validate(definition).stream(),
                        STRATEGY.validateCreate(definition).stream())
                .map(FieldError::toString)
                .collect(Collectors.joining(" && "));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            emptyValue = "",
            textBlock =
                    """
                    'scope':'Cluster' | ``
                    'scope':'' | spec.scope: Required value
                    'scope':'Galaxy' | spec.scope: Unsupported value: "Galaxy": supported values: "Cluster", "Namespaced"
                    'group':'' | metadata.name: Invalid value: "widgets.example.com": must be spec.names.plural+"."+spec.group && spec.group: Required value
                    'group':'com' | metadata.name: Invalid value: "widgets.example.com": must be spec.names.plural+"."+spec.group && spec.group: Invalid value: "com": should be a domain with at least one dot
                    'names':{'plural':'widgets','kind':'Widget','listKind':'Widget'} | spec.names.listKind: Invalid value: "Widget": kind and listKind may not be the same
                    'names':{'plural':'widgets','kind':'W_t'} | spec.names.singular: Invalid value: "w_t": LABEL && spec.names.kind: Invalid value: "W_t": may have mixed case, but should otherwise match: LABEL && spec.names.listKind: Invalid value: "W_tList": may have mixed case, but should otherwise match: LABEL
                    'names':{'plural':'widgets','kind':'Widget','shortNames':['W'],'categories':['a b']} | spec.names.shortNames[0]: Invalid value: "W": LABEL && spec.names.categories[0]: Invalid value: "a b": LABEL
                    'preserveUnknownFields':true | spec.preserveUnknownFields: Invalid value: true: cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead
                    'conversion':{'strategy':'Magic'} | spec.conversion.strategy: Unsupported value: "Magic": supported values: "None", "Webhook"
                    'conversion':{'strategy':'None','webhook':{'clientConfig':{'url':'https://h'},'conversionReviewVersions':['v1']}} | spec.conversion.webhookClientConfig: Forbidden: should not be set when strategy is not set to Webhook && spec.conversion.conversionReviewVersions: Forbidden: should not be set when strategy is not set to Webhook
                    'conversion':{'strategy':'Webhook','webhook':{'clientConfig':{},'conversionReviewVersions':['v3','v3']}} | spec.conversion.webhookClientConfig: Required value: exactly one of url or service is required && spec.conversion.conversionReviewVersions[1]: Invalid value: "v3": duplicate version && spec.conversion.conversionReviewVersions: Invalid value: ["v3","v3"]: must include at least one of v1, v1beta1
                    'conversion':{'strategy':'Webhook','webhook':{'clientConfig':{'service':{'name':'s','namespace':'n','path':'x//'}},'conversionReviewVersions':['v1']}} | spec.conversion.webhookClientConfig.service.path: Invalid value: "x//": must start with a '/' && spec.conversion.webhookClientConfig.service.path: Invalid value: "x//": segment[0] may not be empty && spec.conversion.webhookClientConfig.service.path: Invalid value: "x//": segment[1] may not be empty
                    'conversion':{'strategy':'Webhook','webhook':{'clientConfig':{'service':{'name':'s','namespace':'n','port':65536}},'conversionReviewVersions':['v1']}} | spec.conversion.webhookClientConfig.service.port: Invalid value: 65536: port is not valid: must be between 1 and 65535, inclusive
                    """)
    void definitions(String spec, String errors) {
        assertThat(told(definition(spec))).isEqualTo(errors.replace("LABEL", LABEL));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            emptyValue = "",
            textBlock =
                    """
                    {'name':'v1','served':true,'storage':true} | spec.versions[0].schema.openAPIV3Schema: Required value
                    {'name':'1','served':true,'storage':true,SCHEMA} | spec.versions[0].name: Invalid value: "1": LABEL && spec.version: Invalid value: "1": LABEL
                    {'name':'v1','served':true,'storage':false,SCHEMA} | spec.versions: Invalid value: [{"Name":"v1","Served":true,"Storage":false,"Deprecated":false,"DeprecationWarning":null,"Schema":null,"Subresources":null,"AdditionalPrinterColumns":null,"SelectableFields":null}]: must have exactly one version marked as storage version && status.storedVersions: Invalid value: null: must have at least one stored version
                    {'name':'v1','storage':true,'deprecationWarning':'x',SCHEMA} | spec.versions[0].deprecationWarning: Invalid value: "x": can only be set for deprecated versions
                    {'name':'v1','storage':true,'deprecated':true,'deprecationWarning':'',SCHEMA} | spec.versions[0].deprecationWarning: Invalid value: "": must not be an empty string
                    {'name':'v1','storage':true,'deprecated':true,'deprecationWarning':'a\\tb',SCHEMA} | spec.versions[0].deprecationWarning: Invalid value: "a\\tb": must only contain printable UTF-8 characters; non-printable character found at index 1
                    {'name':'v1','storage':true,'subresources':{'scale':{}},SCHEMA} | spec.subresources.scale.specReplicasPath: Required value && spec.subresources.scale.statusReplicasPath: Required value
                    {'name':'v1','storage':true,'subresources':{'scale':{'specReplicasPath':'spec.r','statusReplicasPath':'.spec.r','labelSelectorPath':'.x.y'}},SCHEMA} | spec.subresources.scale.specReplicasPath: Invalid value: "spec.r": must be a simple json path starting with . && spec.subresources.scale.statusReplicasPath: Invalid value: ".spec.r": should be a json path under .status && spec.subresources.scale.labelSelectorPath: Invalid value: ".x.y": should be a json path under either .spec or .status
                    {'name':'v1','storage':true,'additionalPrinterColumns':[{'name':'','type':'text','format':'f','jsonPath':''}],SCHEMA} | spec.additionalPrinterColumns[0].name: Required value && spec.additionalPrinterColumns[0].type: Invalid value: "text": must be one of boolean,date,integer,number,string && spec.additionalPrinterColumns[0].format: Invalid value: "f": must be one of byte,date,date-time,double,float,int32,int64,password && spec.additionalPrinterColumns[0].JSONPath: Required value
                    {'name':'v1','storage':true,'additionalPrinterColumns':[{'name':'a','type':'string','jsonPath':'.a[b'},{'name':'a','type':'string','jsonPath':'a'}],SCHEMA} | spec.additionalPrinterColumns[1].JSONPath: Invalid value: "a": must be a simple json path starting with .
                    {'name':'v1','storage':true,'selectableFields':[{'jsonPath':''},{'jsonPath':'.spec.x'}],SCHEMA} | spec.selectableFields[0].jsonPath: Required value && spec.selectableFields[1].jsonPath: Invalid value: ".spec.x": is an invalid path: does not refer to a valid field
                    {'name':'v1','storage':true,'selectableFields':[{'jsonPath':'.metadata.name'},{'jsonPath':'.a'},{'jsonPath':'.b'},{'jsonPath':'.b'},{'jsonPath':'.b[0]'}],'schema':{'openAPIV3Schema':{'type':'object','properties':{'metadata':{'type':'object','properties':{'name':{'type':'string'}}},'a':{'type':'object'},'b':{'type':'integer'}}}}} | spec.selectableFields[0].jsonPath: Invalid value: ".metadata.name": must not point to fields in metadata && spec.selectableFields[1].jsonPath: Invalid value: ".a": must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed. && spec.selectableFields[3].jsonPath: Duplicate value: ".b" && spec.selectableFields[4].jsonPath: Invalid value: ".b[0]": is an invalid path: array notation is not allowed
                    """)
    void versions(String version, String errors) {
        String schema = "'schema':{'openAPIV3Schema':{'type':'object'}}";
        assertThat(told(definition("'versions':[" + version.replace("SCHEMA", schema) + "]")))
                .startsWith(errors.replace("LABEL", LABEL));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            emptyValue = "",
            textBlock =
                    """
                    {'id':'x','type':'object'} | id: Forbidden: id is not supported
                    {'type':'object','properties':{'a':{'type':'array','items':[{'type':'string'}]}}} | properties[a].items: Forbidden: items must be a schema object and not an array
                    {'type':'object','patternProperties':{'a':{'type':'string'}}} | patternProperties: Forbidden: patternProperties is not supported
                    {'type':'object','definitions':{'a':{'type':'string'}}} | definitions: Forbidden: definitions is not supported
                    {'type':'object','dependencies':{'a':['b']}} | dependencies: Forbidden: dependencies is not supported
                    {'type':'object','properties':{'a':{'type':'string'}},'x-kubernetes-map-type':'flat'} | x-kubernetes-map-type: Unsupported value: "flat": supported values: "atomic", "granular"
                    {'type':'object','x-kubernetes-preserve-unknown-fields':false} | x-kubernetes-preserve-unknown-fields: Invalid value: false: must be true or undefined
                    {'type':'object','properties':{'a':{'type':'object','additionalProperties':{'type':'string'},'properties':{'b':{'type':'string'}}}}} | properties[a].additionalProperties: Forbidden: additionalProperties and properties are mutual exclusive
                    {'type':'object','properties':{'a':{'type':'array','items':{'type':'object'},'x-kubernetes-list-type':'set'}}} | properties[a].items.x-kubernetes-map-type: Invalid value: null: must be atomic as item of a list with x-kubernetes-list-type=set
                    {'type':'object','properties':{'a':{'type':'array','items':{'type':'string'},'x-kubernetes-list-type':'bag'}}} | properties[a].x-kubernetes-list-type: Unsupported value: "bag": supported values: "atomic", "set", "map"
                    {'type':'object','properties':{'a':{'type':'array','items':{'type':'string'},'x-kubernetes-list-type':'map'}}} | properties[a].x-kubernetes-list-map-keys: Required value: must not be empty if x-kubernetes-list-type is map && properties[a].items.type: Invalid value: "string": must be object if parent array's x-kubernetes-list-type is map
                    {'type':'object','properties':{'a':{'type':'array','items':{'type':'object','properties':{'k':{'type':'string'}}},'x-kubernetes-list-type':'map','x-kubernetes-list-map-keys':['k']}}} | properties[a].items.properties[k].default: Required value: this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property
                    {'type':'object','properties':{'a':{'type':'array','items':{'type':'object','required':['k'],'properties':{'k':{'type':'string'}}},'x-kubernetes-list-type':'map','x-kubernetes-list-map-keys':['k','k','m']}}} | properties[a].x-kubernetes-list-map-keys: Invalid value: ["k","k","m"]: must not contain duplicate entries && properties[a].x-kubernetes-list-map-keys: Invalid value: ["k","k","m"]: entries must all be names of item properties
                    {'type':'object','properties':{'a':{'type':'string','x-kubernetes-validations':[{'rule':''},{'rule':'true','message':' '},{'rule':'true','reason':'Because'},{'rule':'true','fieldPath':' '}]}}} | properties[a].x-kubernetes-validations[0].rule: Required value: rule is not specified && properties[a].x-kubernetes-validations[1].message: Invalid value: " ": must be non-empty if specified && properties[a].x-kubernetes-validations[2].reason: Unsupported value: "Because": supported values: "FieldValueDuplicate", "FieldValueForbidden", "FieldValueInvalid", "FieldValueRequired" && properties[a].x-kubernetes-validations[3].fieldPath: Invalid value: " ": must be non-empty if specified && properties[a].x-kubernetes-validations[3].fieldPath: Invalid value: " ": must be a valid path
                    {'type':'object','properties':{'a':{'type':'object','properties':{'b':{'type':'string'}},'x-kubernetes-validations':[{'rule':'true','fieldPath':'.b'},{'rule':'true','fieldPath':'.c'}]}}} | properties[a].x-kubernetes-validations[1].fieldPath: Invalid value: ".c": must be a valid path
                    {'type':'object','properties':{'kind':{'type':'integer'},'metadata':{'type':'object','properties':{'name':{'type':'string','default':'x'}}}}} | properties[kind].type: Invalid value: "integer": must be string && properties[metadata].properties[name].default: Forbidden: must not be set in top-level metadata
                    {'type':'object','properties':{'a':{'type':'object','x-kubernetes-embedded-resource':true}}} | properties[a].properties: Required value: must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields
                    {'type':'object','properties':{'a':{'x-kubernetes-int-or-string':true,'x-kubernetes-preserve-unknown-fields':true}}} | properties[a].x-kubernetes-preserve-unknown-fields: Invalid value: true: must be false if x-kubernetes-int-or-string is true
                    """)
    void schemas(String schema, String errors) {
        String path = "spec.validation.openAPIV3Schema.";
        assertThat(told(DefinitionStrategyTest.definition(schema)))
                .isEqualTo(path + errors.replace(" && ", " && " + path));
    }

    @Test
    void aSchemaIsOfNoOtherDialect() {
        String schema =
                "{'type':'object','properties':{'a':{'$schema':'x','type':'string'},"
                        + "'$schema':{'type':'string'}}}";
        assertThat(told(DefinitionStrategyTest.definition(schema)))
                .isEqualTo(
                        "spec.validation.openAPIV3Schema: Invalid value: \"\": OpenAPIV3Schema"
                                + " 'schema' is not supported");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            emptyValue = "",
            textBlock =
                    """
                    'scope':'Cluster' | `` | False
                    'scope':'Cluster' | spec.scope: Invalid value: "Cluster": field is immutable | True
                    'names':{'plural':'widgets','kind':'Gadget'} | spec.names.kind: Invalid value: "Gadget": field is immutable | True
                    'names':{'plural':'gadgets','kind':'Widget'} | spec.names.plural: Invalid value: "gadgets": field is immutable | False
                    'group':'other.com' | spec.group: Invalid value: "other.com": field is immutable | False
                    """)
    void whatMayNotChange(String after, String errors, String established) {
        ObjectNode old = definition("'scope':'Namespaced'");
        old.withObjectProperty("status")
                .putArray("conditions")
                .addObject()
                .put("type", "Established")
                .put("status", established);
        ObjectNode changed = definition(after);
        STRATEGY.prepareForUpdate(changed, old);
        assertThat(
                        STRATEGY.validateUpdate(changed, old).stream()
                                .map(FieldError::toString)
                                .collect(Collectors.joining(" && ")))
                .isEqualTo(errors);
    }
}
