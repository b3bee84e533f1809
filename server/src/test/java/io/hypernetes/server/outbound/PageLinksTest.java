package io.hypernetes.server.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.fuzzing.Fuzz;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

class PageLinksTest {
    private static final ProxyPath PATH = new ProxyPath("/P", Set.of("web:80"));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<a href=\"@/a?b#c\">text</a>",
                "<A\n HREF='@/a' class=x>",
                "<img alt=\"a > b\" src=@/i.png><b>/c</b>",
                "<form action = \"@/\" method=post><input formaction=\"@/x\" value=\"/v\">",
                "<script src=\"@/s.js\">if (a < b) document.write('<a href=\"/no\">');</script>"
                        + "<a href=\"@/yes\">",
                "<title><a href=\"/no\"></title>",
                "1 < 2 <<a href=\"@/x\">",
                "é <a title=\"é\" href=\"@/é\">"
            })
    void whatBeginsAtTheRootIsLed(String page) {
        assertThat(led(page.replace("@", ""))).isEqualTo(page.replace("@", "/P"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<a href=\"x/y\">",
                "<a href=\"https://elsewhere/a\"><a href=\"//elsewhere/a\">",
                "<a href=\"/P/already\">",
                "<a href=\"#here\"><a href><a href=\"\">",
                "<a href=\"/never ends",
                "<p href=\"/x\">",
                "<!DOCTYPE html><!-- <3 -->",
                "{\"a\": \"</\"}"
            })
    void whatDoesNotStays(String page) {
        assertThat(led(page)).isEqualTo(page);
    }

    @Test
    void theServersOwnNamesAreItsRoot() {
        assertThat(led("<a href=\"http://web:80/a\"><a href=\"//web:80/b\">"))
                .isEqualTo("<a href=\"/P/a\"><a href=\"/P/b\">");
    }

    @Test
    void aTagWithoutAnEndIsNotKept() {
        String page = "<a href=\"" + "x".repeat(100_000) + "<a href=\"/y\">";
        assertThat(led(page)).hasSizeBetween(page.length(), page.length() + 2);
    }

    /** Without what was inserted it is the page that came. */
    @Test
    void nothingButLinksChanges() {
        Fuzz.of(
                        List.of("<a href=\"/a\">text</a>", "<script src='/s'><a href=/x></script>"),
                        List.of(
                                "<", ">", "\"", "'", "=", "/", " ", "a", "href", "img", "src", "</",
                                "!--"))
                .refusing(_ -> false)
                .run(bytes -> {
                    String page =
                            new String(bytes, StandardCharsets.ISO_8859_1)
                                    .replace("P", "p")
                                    .replace("web", "wab");
                    assertThat(led(page).replace("/P", "")).isEqualTo(page);
                });
    }

    private static String led(String page) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (PageLinks links = new PageLinks(out, PATH)) {
            links.write(page.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toString(StandardCharsets.UTF_8);
    }
}
