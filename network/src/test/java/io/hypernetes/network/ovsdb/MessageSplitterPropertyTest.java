package io.hypernetes.network.ovsdb;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

class MessageSplitterPropertyTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int LIMIT = 100_000;

    @Property(tries = 300)
    void everyMessageComesOutWholeHoweverTheStreamIsTorn(
            @ForAll("messages") List<JsonNode> messages,
            @ForAll @IntRange(min = 1, max = 97) int step) {
        StringBuilder stream = new StringBuilder();
        messages.forEach(message -> stream.append(message).append(step % 2 == 0 ? "\n " : ""));
        List<JsonNode> cut = new ArrayList<>();
        MessageSplitter splitter =
                new MessageSplitter(LIMIT, bytes -> cut.add(JSON.readTree(bytes)));

        byte[] bytes = stream.toString().getBytes(StandardCharsets.UTF_8);
        for (int from = 0; from < bytes.length; from += step) {
            splitter.feed(ByteBuffer.wrap(bytes, from, Math.min(step, bytes.length - from)));
        }

        assertThat(cut).isEqualTo(messages);
    }

    @Property(tries = 500)
    void anyBytesEndInMessagesOrInTheProtocolsException(@ForAll("noise") String noise) {
        byte[] bytes = noise.getBytes(StandardCharsets.ISO_8859_1);
        List<byte[]> cut = new ArrayList<>();
        MessageSplitter splitter = new MessageSplitter(16, cut::add);
        try {
            splitter.feed(ByteBuffer.wrap(bytes));
        } catch (OvsdbException e) {
            assertThat(e.reason()).isEqualTo(OvsdbException.Reason.PROTOCOL);
        }
        assertThat(cut)
                .allSatisfy(message -> {
                    assertThat(message).hasSizeBetween(2, 16).startsWith('{');
                    assertThat(message[message.length - 1]).isIn((byte) '}', (byte) ']');
                });
    }

    @Provide
    Arbitrary<String> noise() {
        return Arbitraries.strings().withChars("{{{}}}[]\"\\ \u0000\u00ff").ofMaxLength(60);
    }

    @Provide
    Arbitrary<List<JsonNode>> messages() {
        Arbitrary<String> texts =
                Arbitraries.strings().withChars("{}[]\"\\ :,\n\u00e4\u20ac").ofMaxLength(20);
        Arbitrary<JsonNode> arrays =
                texts.list()
                        .ofMaxSize(4)
                        .map(list -> {
                            ArrayNode array = JsonNodeFactory.instance.arrayNode();
                            list.forEach(array::add);
                            return array;
                        });
        Arbitrary<JsonNode> objects =
                Arbitraries.maps(texts, arrays)
                        .ofMaxSize(5)
                        .map(map -> {
                            ObjectNode object = JsonNodeFactory.instance.objectNode();
                            map.forEach(object::set);
                            return object;
                        });
        return objects.list().ofMaxSize(6);
    }
}
