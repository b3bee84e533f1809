package io.hypernetes.node;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.hypernetes.api.json.Json;
import io.hypernetes.cri.v1.AuthConfig;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.node.ObjectNode;

import java.util.Base64;
import java.util.List;

/** Which password goes to which registry; the cases of "Pull an Image from a Private Registry". */
class RegistryKeyringTest {

    private static ObjectNode secret(String type, String key, String content) {
        String data =
                Base64.getEncoder().encodeToString(content.replace('\'', '"').getBytes(UTF_8));
        return Json.parseObject(
                "{\"type\":\"%s\",\"data\":{\"%s\":\"%s\"}}"
                        .formatted(type, key, data)
                        .getBytes(UTF_8));
    }

    private static ObjectNode config(String... registries) {
        StringBuilder auths = new StringBuilder();
        for (String registry : registries) {
            auths.append(auths.isEmpty() ? "" : ",")
                    .append("'%s':{'username':'%s','password':'p'}".formatted(registry, registry));
        }
        return secret(
                "kubernetes.io/dockerconfigjson", ".dockerconfigjson", "{'auths':{" + auths + "}}");
    }

    /** The users that are tried for an image. */
    private static List<String> users(String image, String... registries) {
        RegistryKeyring.Builder builder = new RegistryKeyring.Builder();
        assertThat(builder.add(config(registries))).isTrue();
        return builder.build().of(image).stream().map(AuthConfig::getUsername).toList();
    }

    @Test
    void theHostMustBeTheSame() {
        assertThat(users("r.example.com/a/b:1", "r.example.com")).hasSize(1);
        assertThat(users("r.example.com/a/b@sha256:00", "https://r.example.com/v2/")).hasSize(1);
        assertThat(users("r.example.com/a", "example.com", "r.example.com.evil")).isEmpty();
        assertThat(users("r.example.com:5000/a", "r.example.com")).isEmpty();
        assertThat(users("r.example.com:5000/a:1", "r.example.com:5000")).hasSize(1);
        assertThat(users("localhost/a", "localhost")).hasSize(1);
    }

    @Test
    void eachPartOfTheHostMayBeAPattern() {
        assertThat(users("r.example.com/a", "*.example.com", "r.*.com", "r?.example.com"))
                .containsExactlyInAnyOrder("*.example.com", "r.*.com");
        assertThat(users("a.b.example.com/a", "*.example.com")).isEmpty();
        assertThat(users("prefix-eu-x.example.com/a", "prefix*x.example.com")).hasSize(1);
        assertThat(users("a".repeat(60) + "b.example.com/a", "*a".repeat(30) + "c.example.com"))
                .isEmpty();
    }

    @Test
    void theLongerPathGoesFirst() {
        assertThat(users("r.io/team/app", "r.io", "r.io/team/app", "r.io/other", "r.io/team"))
                .containsExactly("r.io/team/app", "r.io/team", "r.io");
    }

    @Test
    void shortNamesAreDockerHubs() {
        assertThat(users("busybox", "https://index.docker.io/v1/")).hasSize(1);
        assertThat(users("me/app:1", "docker.io")).hasSize(1);
        assertThat(users("docker.io/me/app", "index.docker.io/me")).hasSize(1);
        assertThat(users("me/app", "me")).isEmpty();
    }

    @Test
    void bothKindsOfSecretsAreReadAndOthersAreNot() {
        RegistryKeyring.Builder builder = new RegistryKeyring.Builder();
        String pair = Base64.getEncoder().encodeToString("bob:x:y".getBytes(UTF_8));

        assertThat(
                        builder.add(
                                secret(
                                        "kubernetes.io/dockercfg",
                                        ".dockercfg",
                                        "{'r.io':{'auth':'" + pair + "'}}")))
                .isTrue();
        assertThat(builder.add(secret("Opaque", ".dockerconfigjson", "{}"))).isFalse();
        assertThat(builder.add(secret("kubernetes.io/dockercfg", "other", "{}"))).isFalse();
        assertThat(
                        builder.add(
                                secret(
                                        "kubernetes.io/dockerconfigjson",
                                        ".dockerconfigjson",
                                        "no json")))
                .isFalse();

        AuthConfig found = builder.build().of("r.io/a").getFirst();
        assertThat(found.getUsername()).isEqualTo("bob");
        assertThat(found.getPassword()).isEqualTo("x:y");
    }
}
