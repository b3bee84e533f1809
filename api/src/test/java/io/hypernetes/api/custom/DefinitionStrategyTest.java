package io.hypernetes.api.custom;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.FieldError;
import io.hypernetes.api.GroupVersionKind;
import io.hypernetes.api.Metadata;
import io.hypernetes.api.Trees;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.schema.SchemaRules;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.stream.Stream;

class DefinitionStrategyTest {
    private static final DefinitionStrategy STRATEGY = new DefinitionStrategy();

    static ObjectNode definition(String schema) {
        ObjectNode definition =
                Trees.object(
                        """
                        {'metadata': {'name': 'widgets.example.com', 'uid': 'u',
                                      'creationTimestamp': '2026-01-01T00:00:00Z'},
                         'spec': {'group': 'example.com', 'scope': 'Namespaced',
                                  'names': {'plural': 'widgets', 'kind': 'Widget'},
                                  'versions': [{'name': 'v1', 'served': true, 'storage': true,
                                                'schema': {'openAPIV3Schema': %s}}]}}
                        """
                                .formatted(schema));
        STRATEGY.applyDefaults(definition);
        STRATEGY.prepareForCreate(definition);
        return definition;
    }

    private static List<String> errors(ObjectNode definition) {
        return Stream.concat(
                        STRATEGY.validate(definition).stream(),
                        STRATEGY.validateCreate(definition).stream())
                .map(FieldError::toString)
                .toList();
    }

    private static List<String> schemaErrors(String schema) {
        return errors(definition(schema));
    }

    @Test
    void aDefinitionIsDefaulted() {
        ObjectNode definition = definition("{'type': 'object'}");
        assertThat(errors(definition)).isEmpty();
        assertThat(definition.at("/spec/names/listKind").asString()).isEqualTo("WidgetList");
        assertThat(definition.at("/status/storedVersions/0").asString()).isEqualTo("v1");
        ObjectNode again = definition.deepCopy();
        STRATEGY.applyDefaults(again);
        assertThat(again).isEqualTo(definition);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{} | type: Required value: must not be empty at the root",
                "{'type':'object','properties':{'a':{}}} | properties[a].type: Required value:"
                        + " must not be empty for specified object fields",
                "{'type':'object','properties':{'a':{'type':'array'}}} | properties[a].items:"
                        + " Required value: must be specified",
                "{'type':'object','properties':{'a':{'type':'array','items':{}}}} |"
                        + " properties[a].items.type: Required value: must not be empty for"
                        + " specified array items",
                "{'type':'object','nullable':true} | nullable: Forbidden: nullable cannot be true"
                        + " at the root",
                "{'type':'object','additionalProperties':true} | additionalProperties: Forbidden:"
                        + " must not be used at the root",
                "{'type':'object','properties':{'a':{'type':'strange'}}} | properties[a].type:"
                        + " Unsupported value: \"strange\": supported values: \"array\","
                        + " \"boolean\", \"integer\", \"number\", \"object\", \"string\"",
                "{'type':'object','properties':{'a':{'type':'string','pattern':'('}}} |"
                        + " properties[a].pattern: Invalid value: \"(\": must be a valid regular"
                        + " expression, but isn't: error parsing regexp: missing closing ): `(`",
                "{'type':'object','properties':{'a':{'type':'integer','default':'x'}}} |"
                        + " properties[a].default: Invalid value: \"string\":  in body must be of"
                        + " type integer: \"string\"",
                "{'type':'object','properties':{'a':{'type':'array','items':{'type':'string'},"
                        + "'default':[1]}}} | properties[a].default.[0]: Invalid value:"
                        + " \"integer\": [0] in body must be of type string: \"integer\"",
                "{'type':'object','properties':{'a':{'type':'object','properties':{'b':"
                        + "{'type':'string'}},'default':{'b':1}}}} | properties[a].default.b:"
                        + " Invalid value: \"integer\": b in body must be of type string:"
                        + " \"integer\"",
                "{'type':'object','properties':{'a':{'type':'object','default':{'b':1}}}} |"
                        + " properties[a].default: Invalid value: {\"b\":1}: must not have unknown"
                        + " fields",
                "{'type':'object','properties':{'a':{'type':'string','uniqueItems':true}}} |"
                        + " properties[a].uniqueItems: Forbidden: uniqueItems cannot be set to true"
                        + " since the runtime complexity becomes quadratic",
                "{'type':'object','properties':{'metadata':{'type':'object','properties':"
                        + "{'labels':{'type':'object'}}}}} | properties[metadata]: Forbidden: must"
                        + " not specify anything other than name and generateName, but metadata is"
                        + " implicitly specified",
                "{'type':'object','properties':{'a':{'type':'string','x-kubernetes-list-type':"
                        + "'set'}}} | properties[a].type: Invalid value: \"string\": must be array"
                        + " if x-kubernetes-list-type is specified",
                "{'type':'object','properties':{'a':{'type':'string','anyOf':[{'type':'string'}]}}}"
                        + " | properties[a].anyOf[0].type: Forbidden: must be empty to be"
                        + " structural",
                "{'type':'object','$ref':'#/x'} | $ref: Forbidden: $ref is not supported",
            })
    void schemasAreCheckedInUpstreamsWords(String schema, String error) {
        assertThat(schemaErrors(schema.replace("`", "'")))
                .contains(
                        (error.startsWith("type")
                                        || error.startsWith("prop")
                                        || error.startsWith("null")
                                        || error.startsWith("add")
                                        || error.startsWith("$")
                                ? "spec.validation.openAPIV3Schema." + error
                                : error));
    }

    @Test
    void aFormatThatNobodyKnowsIsAWarning() {
        String schema =
                "{'type':'object','properties':{'a':{'type':'string','format':'odd'},"
                        + "'b':{'type':'string','format':'date'},"
                        + "'c':{'type':'integer','format':'date'}}}";
        assertThat(STRATEGY.warningsOnCreate(definition(schema)))
                .containsExactly("unrecognized format \"odd\"", "unrecognized format \"date\"");
        assertThat(STRATEGY.warningsOnUpdate(definition(schema), definition(schema))).isEmpty();
    }

    @Test
    void aDefinitionIsHeldWhenItIsToBeDeletedAndNotBefore() {
        ObjectNode definition = definition("{'type': 'object'}");
        assertThat(Metadata.finalizers(definition)).isEmpty();
        assertThat(STRATEGY.beginDeletion(definition)).isTrue();
        assertThat(Metadata.finalizers(definition)).containsExactly(DefinitionStrategy.FINALIZER);
        assertThat(Conditions.find(definition, "Terminating").path("reason").asString())
                .isEqualTo("InstanceDeletionPending");
    }

    @Test
    void aGeneratedNameIsNoneOfADefinition() {
        ObjectNode definition = definition("{'type': 'object'}");
        definition.withObjectProperty("metadata").put("generateName", "widgets-");
        assertThat(errors(definition))
                .containsExactly(
                        "metadata.generateName: Invalid value: \"widgets-\": must be"
                                + " spec.names.plural+\".\"+spec.group");
    }

    @Test
    void anObjectIsNoNumberWhateverItsSchemaSays() {
        ObjectNode schema = Trees.object("{'x-kubernetes-int-or-string':true}");
        assertThat(schemaErrors("{'x-kubernetes-int-or-string':true}")).isEmpty();
        CustomSchema custom =
                new CustomSchema(
                        new GroupVersionKind("example.com", "v1", "Widget"),
                        schema,
                        false,
                        SchemaRules.Compiler.NONE);
        assertThat(custom.struct().properties()).containsKey("metadata");
    }

    @Test
    void theNameIsMadeOfPluralAndGroup() {
        ObjectNode definition = definition("{'type': 'object'}");
        definition.withObjectProperty("metadata").put("name", "other.example.com");
        assertThat(errors(definition))
                .containsExactly(
                        "metadata.name: Invalid value: \"other.example.com\": must be"
                                + " spec.names.plural+\".\"+spec.group");
    }

    @Test
    void groupsOfKubernetesNeedAnApproval() {
        ObjectNode definition = definition("{'type': 'object'}");
        definition.withObjectProperty("spec").put("group", "x.k8s.io");
        definition.withObjectProperty("metadata").put("name", "widgets.x.k8s.io");
        assertThat(errors(definition)).hasSize(1).first().asString().contains("api-approved");
        definition
                .withObjectProperty("metadata")
                .putObject("annotations")
                .put("api-approved.kubernetes.io", "unapproved, a test");
        assertThat(errors(definition)).isEmpty();
    }

    @Test
    void whatWasNotApprovedBeforeMayStaySo() {
        ObjectNode old = definition("{'type': 'object'}");
        old.withObjectProperty("spec").put("group", "x.k8s.io").put("preserveUnknownFields", true);
        ObjectNode changed = old.deepCopy();
        changed.withObjectProperty("metadata").putObject("labels").put("a", "b");
        assertThat(STRATEGY.validateUpdate(changed, old)).isEmpty();
        changed.withObjectProperty("metadata")
                .putObject("annotations")
                .put("api-approved.kubernetes.io", "perhaps");
        assertThat(STRATEGY.validateUpdate(changed, old))
                .singleElement()
                .asString()
                .startsWith("metadata.annotations[api-approved.kubernetes.io]: Invalid value");
    }

    @Test
    void aBundleOfCertificatesIsReadUnlessItWasNoneBefore() {
        ObjectNode old = definition("{'type': 'object'}");
        ObjectNode changed = old.deepCopy();
        changed.withObjectProperty("spec")
                .set(
                        "conversion",
                        Trees.object(
                                """
                                {'strategy':'Webhook','webhook':{'conversionReviewVersions':['v1'],
                                  'clientConfig':{'url':'https://x/y','caBundle':'eHg='}}}
                                """));
        assertThat(STRATEGY.validateUpdate(changed, old))
                .singleElement()
                .asString()
                .isEqualTo(
                        "spec.conversion.webhookClientConfig.caBundle: Invalid value: \"eHg=\":"
                                + " unable to load root certificates: unable to parse bytes as PEM"
                                + " block");
        assertThat(STRATEGY.validateUpdate(changed, changed)).isEmpty();
    }

    @Test
    void thatItsNameFitsNoMoreIsToldByWhatMustNotChange() {
        ObjectNode old = definition("{'type': 'object'}");
        ObjectNode changed = old.deepCopy();
        changed.withObjectProperty("spec").put("group", "other.com");
        assertThat(STRATEGY.validate(changed, old)).isEmpty();
        assertThat(STRATEGY.validateUpdate(changed, old))
                .singleElement()
                .asString()
                .isEqualTo("spec.group: Invalid value: \"other.com\": field is immutable");
    }

    @Test
    void aStoredVersionMayNotVanish() {
        ObjectNode old = definition("{'type': 'object'}");
        ObjectNode changed =
                Trees.object(Json.text(old).replace("\"name\":\"v1\"", "\"name\":\"v2\""));
        STRATEGY.prepareForUpdate(changed, old);
        assertThat(
                        STRATEGY.validateUpdate(changed, old).stream()
                                .map(FieldError::toString)
                                .toList())
                .singleElement()
                .asString()
                .startsWith(
                        "status.storedVersions[0]: Invalid value: \"v1\": missing from"
                                + " spec.versions");
    }

    @Test
    void conversionByWebhookNeedsAClientAndAVersion() {
        ObjectNode definition = definition("{'type': 'object'}");
        definition.withObjectProperty("spec").putObject("conversion").put("strategy", "Webhook");
        assertThat(errors(definition))
                .containsExactly(
                        "spec.conversion.webhookClientConfig: Required value: required when"
                                + " strategy is set to Webhook",
                        "spec.conversion.conversionReviewVersions: Required value");
    }
}
