package io.hypernetes.isolation;

import io.hypernetes.api.json.Json;

import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;

/**
 * What came back.
 *
 * @param status 0: the connection was closed without an answer
 * @param text all bytes as they came, head and body
 */
record Answer(int status, String text) {
    String body() {
        int end = text.indexOf("\r\n\r\n");
        return end < 0 ? text : text.substring(end + 4);
    }

    ObjectNode object() {
        return Json.parseObject(body().getBytes(StandardCharsets.ISO_8859_1));
    }
}
