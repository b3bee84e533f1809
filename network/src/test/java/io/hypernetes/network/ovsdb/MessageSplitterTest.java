package io.hypernetes.network.ovsdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

class MessageSplitterTest {

    private final List<String> messages = new ArrayList<>();
    private final MessageSplitter splitter =
            new MessageSplitter(32, b -> messages.add(new String(b, StandardCharsets.UTF_8)));

    private void feed(String text) {
        splitter.feed(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void bracesInStringsAndEscapedQuotesDoNotEndAMessage() {
        feed("{\"a\":\"}\\\"}\\\\\"}{\"b\":[{}]} \n{");

        assertThat(messages).containsExactly("{\"a\":\"}\\\"}\\\\\"}", "{\"b\":[{}]}");
    }

    @Test
    void messageOfTheLimitPassesAndALongerOneEndsTheStream() {
        feed("{\"a\":\"" + "x".repeat(24) + "\"}");
        assertThat(messages).hasSize(1);

        assertThatThrownBy(() -> feed("{\"a\":\"" + "x".repeat(25) + "\"}"))
                .isInstanceOf(OvsdbException.class)
                .hasMessageContaining("larger than the limit of 32 bytes");
    }

    @Test
    void whatDoesNotBeginAMessageEndsTheStream() {
        assertThatThrownBy(() -> feed("HTTP/1.1"))
                .isInstanceOf(OvsdbException.class)
                .hasMessageContaining("0x48");
    }
}
