package io.hypernetes.api.json;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;

class PrettyJsonTest {
    @Test
    void isIndentedAsGoDoesIt() {
        byte[] json =
                "{\"a\":{\"b\":[1,\"x\\\"y\"],\"c\":{}},\"d\":[],\"e\":null}"
                        .getBytes(StandardCharsets.UTF_8);
        assertThat(new String(PrettyJson.write(Json.parse(json)), StandardCharsets.UTF_8))
                .isEqualTo(
                        """
                        {
                          "a": {
                            "b": [
                              1,
                              "x\\"y"
                            ],
                            "c": {}
                          },
                          "d": [],
                          "e": null
                        }\
                        """);
    }
}
