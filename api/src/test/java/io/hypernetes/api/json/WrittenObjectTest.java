package io.hypernetes.api.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.node.ObjectNode;

final class WrittenObjectTest {

    private final ObjectNode object = Json.object();

    WrittenObjectTest() {
        object.putObject("f:spec").putObject("k:{\"name\":\"ü\"}");
        object.put("apiVersion", "x");
    }

    @Test
    void itIsWrittenAsItIsWhereverItStands() {
        ObjectNode tree = Json.object();
        tree.set("a", WrittenObject.of(object));
        tree.putArray("b").add(WrittenObject.of(object)).add(1);
        ObjectNode plain = Json.object();
        plain.set("a", object);
        plain.putArray("b").add(object).add(1);
        assertThat(tree).isEqualTo(plain);
        assertThat(Json.text(tree)).isEqualTo(Json.text(plain));
        assertThat(Json.same(tree, plain)).isTrue();
    }

    @Test
    void nobodyChangesIt() {
        WrittenObject written = WrittenObject.of(object);
        ObjectNode below = (ObjectNode) written.get("f:spec");
        assertThatThrownBy(() -> written.put("a", 1))
                .isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> written.remove("f:spec"))
                .isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> below.putObject("a"))
                .isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void aCopyIsAnOrdinaryObject() {
        ObjectNode copy = WrittenObject.of(object).deepCopy();
        ((ObjectNode) copy.get("f:spec")).put("more", true);
        copy.remove("apiVersion");
        assertThat(Json.text(copy))
                .isEqualTo("{\"f:spec\":{\"k:{\\\"name\\\":\\\"ü\\\"}\":{},\"more\":true}}");
        assertThat(object.has("apiVersion")).isTrue();
    }
}
