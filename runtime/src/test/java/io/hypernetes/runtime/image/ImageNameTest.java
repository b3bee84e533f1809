package io.hypernetes.runtime.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageNameTest {

    private static final String SHA =
            "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    @ParameterizedTest
    @CsvSource({
        "hello, docker.io/library/hello:latest",
        "hypernetes/hello, docker.io/hypernetes/hello:latest",
        "hello:1.2, docker.io/library/hello:1.2",
        "index.docker.io/me/x, docker.io/me/x:latest",
        "localhost/x, localhost/x:latest",
        "127.0.0.1:5000/a/b/c:v1, 127.0.0.1:5000/a/b/c:v1",
        "registry.k8s.io/pause:3.9, registry.k8s.io/pause:3.9",
        "[::1]:5000/x, [::1]:5000/x:latest",
    })
    void shortNamesAreCompleted(String text, String complete) {
        assertThat(ImageName.parse(text)).hasToString(complete);
        assertThat(ImageName.parse(complete)).hasToString(complete);
    }

    @ParameterizedTest
    @ValueSource(strings = {"hello", "hello:1.2", "me/hello"})
    void aDigestDecidesOverTheTag(String text) {
        assertThat(ImageName.parse(text + "@" + SHA).toString()).endsWith("hello@" + SHA);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "Hello",
                "a//b",
                "/a",
                "a/",
                "a:",
                "a:b c",
                "a@sha256:12",
                "../a",
                "a/../b",
                "a b",
                "-a",
                "x.y/",
                "a@md5:00",
                "host:port/a",
                "docker.io/a?b=c",
                "a#b",
                "x.y/a%2fb"
            })
    void whatIsNoNameIsRefused(String text) {
        assertThatThrownBy(() -> ImageName.parse(text))
                .isInstanceOf(ImageException.class)
                .extracting(e -> ((ImageException) e).reason())
                .isEqualTo(ImageException.Reason.INVALID);
    }

    @Property
    void parsingEndsAndIsStable(@ForAll String text) {
        try {
            String complete = ImageName.parse(text).toString();
            assertThat(ImageName.parse(complete)).hasToString(complete);
        } catch (ImageException e) {
            assertThat(e.reason()).isEqualTo(ImageException.Reason.INVALID);
        }
    }
}
