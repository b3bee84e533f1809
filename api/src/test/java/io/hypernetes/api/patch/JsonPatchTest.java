package io.hypernetes.api.patch;

import static io.hypernetes.api.Trees.node;
import static io.hypernetes.api.Trees.object;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.Status.Reason;
import io.hypernetes.api.json.Json;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Map;

class JsonPatchTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'a':1} | [{'op':'add','path':'/b','value':2}] | {'a':1,'b':2}",
                "{'a':[1,3]} | [{'op':'add','path':'/a/1','value':2}] | {'a':[1,2,3]}",
                "{'a':[1]} | [{'op':'add','path':'/a/-','value':[2]}] | {'a':[1,[2]]}",
                "{'a':1} | [{'op':'add','path':'/a','value':null}] | {'a':null}",
                "{'a':1,'b':2} | [{'op':'remove','path':'/a'}] | {'b':2}",
                "{'a':[1,2,3]} | [{'op':'remove','path':'/a/1'}] | {'a':[1,3]}",
                "{'a':{'b':1}} | [{'op':'replace','path':'/a/b','value':2}] | {'a':{'b':2}}",
                "{'a':1} | [{'op':'replace','path':'','value':{'b':2}}] | {'b':2}",
                "{'a':{'x':1},'b':{}} | [{'op':'move','from':'/a/x','path':'/b/y'}] |"
                        + " {'a':{},'b':{'y':1}}",
                "{'a':[1,2,3]} | [{'op':'move','from':'/a/0','path':'/a/2'}] | {'a':[2,3,1]}",
                "{'a':{'x':1}} | [{'op':'copy','from':'/a','path':'/b'}] |"
                        + " {'a':{'x':1},'b':{'x':1}}",
                "{'a/b':1,'m~n':2} |"
                        + " [{'op':'remove','path':'/a~1b'},{'op':'remove','path':'/m~0n'}] | {}",
                "{'a':1.0} | [{'op':'test','path':'/a','value':1}] | {'a':1.0}",
                "{'a':1} | [{'op':'test','path':'/b','value':null}] | {'a':1}",
                "{'':{'':1}} | [{'op':'replace','path':'//','value':2}] | {'':{'':2}}"
            })
    void applies(String target, String patch, String result) {
        ObjectNode original = object(target);
        assertThat(Json.same(JsonPatch.apply(node(patch), original), node(result))).isTrue();
        assertThat(original).isEqualTo(object(target));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'op':'remove','path':'/x'} | remove operation does not apply: doc is missing"
                        + " path: \"/x\": missing value",
                "{'op':'replace','path':'/x/y','value':1} | replace operation does not apply: doc"
                        + " is missing path: \"/x/y\": missing value",
                "{'op':'add','path':'/x/y','value':1} | add operation does not apply: doc is"
                        + " missing path: \"/x/y\": missing value",
                "{'op':'add','path':'/list/7','value':1} | add operation does not apply: doc is"
                        + " missing path: \"/list/7\": Unable to access invalid index: 7",
                "{'op':'add','path':'/list/01','value':1} | add operation does not apply: doc is"
                        + " missing path: \"/list/01\": Unable to access invalid index: 01",
                "{'op':'test','path':'/a','value':2} | testing value /a failed: test failed",
                "{'op':'move','from':'/o','path':'/o/p'} | move operation does not apply: \"/o/p\""
                        + " is inside \"/o\"",
                "{'op':'frob','path':'/a'} | Unexpected kind: frob",
                "{'op':'add','path':'a','value':1} | invalid JSON pointer: \"a\" must start with"
                        + " '/'",
                "{'op':'add','path':'/a'} | the operation has no \"value\"",
                "{'op':'remove','path':''} | the patched document is no object"
            })
    void aPatchThatDoesNotApplyIsInvalidAndSaysWhichOperation(String operation, String detail) {
        ObjectNode target = object("{'a':1,'o':{},'list':[1,2]}");
        assertThatThrownBy(() -> JsonPatch.apply(node("[" + operation + "]"), target))
                .isInstanceOfSatisfying(
                        ApiException.class,
                        e -> {
                            assertThat(e.status().code()).isEqualTo(422);
                            assertThat(e.status().details().orElseThrow().causes())
                                    .singleElement()
                                    .extracting("message")
                                    .isEqualTo(detail.replace("''", "'"));
                        })
                .hasMessage("the server rejected our request due to an error in our request");
    }

    @Test
    void operationsAreBounded() {
        ArrayNode patch = JsonNodeFactory.instance.arrayNode();
        for (int i = 0; i <= JsonPatch.MAX_OPERATIONS; i++) {
            patch.add(node("{'op':'test','path':'/a','value':1}"));
        }
        assertThatThrownBy(() -> JsonPatch.apply(patch, object("{'a':1}")))
                .isInstanceOfSatisfying(
                        ApiException.class,
                        e -> assertThat(e.is(Reason.REQUEST_ENTITY_TOO_LARGE)).isTrue());
    }

    @Test
    void copyingCannotFillTheMemory() {
        ArrayNode patch = JsonNodeFactory.instance.arrayNode();
        for (int i = 0; i < 64; i++) {
            patch.add(node("{'op':'copy','from':'','path':'/copy" + i + "'}"));
        }
        assertThatThrownBy(() -> JsonPatch.apply(patch, object("{'a':'some text'}")))
                .isInstanceOf(ApiException.class);
    }

    @Property(tries = 300)
    void removingWhatWasAddedGivesTheOriginal(
            @ForAll @Size(max = 4) Map<String, Integer> fields, @ForAll String name) {
        ObjectNode target = JsonNodeFactory.instance.objectNode();
        fields.forEach(target::put);
        target.remove(name);
        String path = "/" + name.replace("~", "~0").replace("/", "~1");
        ObjectNode operation = JsonNodeFactory.instance.objectNode();
        operation.put("op", "add").put("path", path).put("value", 1);
        ObjectNode removal = JsonNodeFactory.instance.objectNode();
        removal.put("op", "remove").put("path", path);
        ArrayNode patch = JsonNodeFactory.instance.arrayNode().addAll(List.of(operation, removal));
        assertThat(JsonPatch.apply(patch, target)).isEqualTo(target);
    }
}
