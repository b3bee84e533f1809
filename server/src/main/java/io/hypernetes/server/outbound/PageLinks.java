package io.hypernetes.server.outbound;

import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Leads the links of a page back through the proxy that it came by, as upstream's does: what begins
 * at the root of its own server begins at the proxy's path. A page is a stranger's: of one tag at a
 * time a few kilobytes are kept, what is longer passes as it is. Bytes that are no links stay as
 * they are, in any encoding that has ASCII's signs in their places.
 */
final class PageLinks extends FilterOutputStream {
    private static final int LONGEST_TAG = 16 * 1024;

    /** The attributes of HTML 4 and 5 whose values are URLs. */
    private static final Map<String, Set<String>> LINKS =
            Map.ofEntries(
                    Map.entry("a", Set.of("href")),
                    Map.entry("applet", Set.of("codebase")),
                    Map.entry("area", Set.of("href")),
                    Map.entry("audio", Set.of("src")),
                    Map.entry("base", Set.of("href")),
                    Map.entry("blockquote", Set.of("cite")),
                    Map.entry("body", Set.of("background")),
                    Map.entry("button", Set.of("formaction")),
                    Map.entry("command", Set.of("icon")),
                    Map.entry("del", Set.of("cite")),
                    Map.entry("embed", Set.of("src")),
                    Map.entry("form", Set.of("action")),
                    Map.entry("frame", Set.of("longdesc", "src")),
                    Map.entry("head", Set.of("profile")),
                    Map.entry("html", Set.of("manifest")),
                    Map.entry("iframe", Set.of("longdesc", "src")),
                    Map.entry("img", Set.of("longdesc", "src", "usemap")),
                    Map.entry("input", Set.of("src", "usemap", "formaction")),
                    Map.entry("ins", Set.of("cite")),
                    Map.entry("link", Set.of("href")),
                    Map.entry("object", Set.of("classid", "codebase", "data", "usemap")),
                    Map.entry("q", Set.of("cite")),
                    Map.entry("script", Set.of("src")),
                    Map.entry("source", Set.of("src")),
                    Map.entry("video", Set.of("poster", "src")));

    /** Elements in which a {@code <} begins nothing but their end. */
    private static final Set<String> RAW = Set.of("script", "style", "textarea", "title");

    private static final Pattern NAME = Pattern.compile("<([A-Za-z][A-Za-z0-9]*)(?=[\\s/>])");
    private static final Pattern ATTRIBUTE =
            Pattern.compile(
                    "([^\\s\"'<>/=]+)(?:\\s*=\\s*(?:\"([^\"]*+)\"|'([^']*+)'|([^\\s\"'>]++)))?+");

    private final ProxyPath path;
    private final StringBuilder tag = new StringBuilder();
    private char quote;
    private String raw = "";

    PageLinks(OutputStream out, ProxyPath path) {
        super(new BufferedOutputStream(out));
        this.path = path;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        for (int i = offset; i < offset + length; i++) {
            write(bytes[i]);
        }
    }

    @Override
    public void write(int value) throws IOException {
        char next = (char) (value & 0xff);
        if (tag.isEmpty() && next != '<') {
            out.write(value);
            return;
        }
        if (!tag.isEmpty() && next == '<' && quote == 0) {
            pass();
        }
        tag.append(next);
        if (isNoTag()) {
            pass();
        } else if (quote != 0) {
            quote = next == quote ? 0 : quote;
        } else if ((next == '"' || next == '\'') && raw.isEmpty()) {
            quote = next;
        } else if (next == '>') {
            endTag();
        }
    }

    /** Also where it is no tag that has begun, or one that has grown too long. */
    private boolean isNoTag() {
        if (tag.length() > LONGEST_TAG) {
            return true;
        }
        char second = tag.length() < 2 ? 'a' : tag.charAt(1);
        boolean letter = second >= 'a' && second <= 'z' || second >= 'A' && second <= 'Z';
        return !letter && second != '/';
    }

    private void endTag() throws IOException {
        Matcher name = NAME.matcher(tag);
        if (!raw.isEmpty()) {
            if (tag.toString().toLowerCase(Locale.ROOT).startsWith("</" + raw)) {
                raw = "";
            }
        } else if (name.lookingAt()) {
            String element = name.group(1).toLowerCase(Locale.ROOT);
            lead(LINKS.getOrDefault(element, Set.of()), name.end());
            raw = RAW.contains(element) ? element : "";
        }
        pass();
    }

    private void lead(Set<String> links, int begin) {
        if (links.isEmpty()) {
            return;
        }
        String text = tag.toString();
        Matcher attribute = ATTRIBUTE.matcher(text);
        int inserted = 0;
        for (int from = begin; attribute.find(from); from = attribute.end()) {
            int group = attribute.group(2) != null ? 2 : attribute.group(3) != null ? 3 : 4;
            if (attribute.group(group) == null
                    || !links.contains(attribute.group(1).toLowerCase(Locale.ROOT))) {
                continue;
            }
            Optional<String> led = path.lead(attribute.group(group));
            if (led.isPresent()) {
                tag.replace(
                        attribute.start(group) + inserted,
                        attribute.end(group) + inserted,
                        led.get());
                inserted += led.get().length() - attribute.group(group).length();
            }
        }
    }

    private void pass() throws IOException {
        out.write(tag.toString().getBytes(StandardCharsets.ISO_8859_1));
        tag.setLength(0);
        quote = 0;
    }

    @Override
    public void close() throws IOException {
        pass();
        super.close();
    }
}
