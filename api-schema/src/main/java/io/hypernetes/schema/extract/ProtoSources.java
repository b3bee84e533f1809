package io.hypernetes.schema.extract;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Reads messages with their comments out of the Java sources that protoc generated: a message is
 * the interface {@code XOrBuilder}, whose accessors carry each field's comment and declaration, and
 * the class {@code X}, which carries the message's own comment.
 */
final class ProtoSources {

    private static final Pattern INTERFACE =
            Pattern.compile(" {2}public interface \\w+OrBuilder extends");
    private static final Pattern NAME = Pattern.compile("interface_extends:([\\w.]+)\\)");
    private static final Pattern TYPE_OF_DOC = Pattern.compile("Protobuf type \\{@code ([\\w.]+)}");
    private static final Pattern FIELD =
            Pattern.compile(
                    "<code>(?:optional |required |repeated )?(map&lt;.*?&gt;|[\\w.]+) (\\w+) ="
                            + " (\\d+)");

    private final Map<String, Message> messages = new LinkedHashMap<>();
    private final Map<String, Comment> typeComments = new LinkedHashMap<>();

    private ProtoSources() {}

    /**
     * @param jar the artifact with the sources
     * @return messages by definition name
     */
    static Map<String, Message> read(Path jar) {
        ProtoSources sources = new ProtoSources();
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            for (ZipEntry entry :
                    zip.stream().filter(e -> e.getName().endsWith(".java")).toList()) {
                try (BufferedReader reader =
                        new BufferedReader(
                                new InputStreamReader(
                                        zip.getInputStream(entry), StandardCharsets.UTF_8))) {
                    sources.readFile(reader);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + jar + "; delete it and build again", e);
        }
        Map<String, Message> result = new LinkedHashMap<>();
        sources.messages.forEach((name, message) ->
                result.put(
                        name,
                        new Message(
                                name,
                                sources.typeComments.getOrDefault(name, Comment.NONE),
                                message.fields())));
        return result;
    }

    private void readFile(BufferedReader reader) throws IOException {
        List<String> doc = new ArrayList<>();
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            if (line.startsWith("  /**")) {
                doc = readDoc(reader);
            } else if (line.matches(" {2}public +static final class .*")) {
                String declaration = String.join("\n", doc);
                Matcher type = TYPE_OF_DOC.matcher(declaration);
                if (type.find()) {
                    typeComments.putIfAbsent(definition(type.group(1)), comment(doc));
                }
            } else if (INTERFACE.matcher(line).lookingAt()) {
                readInterface(reader);
            }
        }
    }

    private void readInterface(BufferedReader reader) throws IOException {
        String name = "";
        Map<String, Message.Field> fields = new LinkedHashMap<>();
        for (String line = reader.readLine();
                line != null && !line.equals("  }");
                line = reader.readLine()) {
            Matcher found = NAME.matcher(line);
            if (found.find()) {
                name = definition(found.group(1));
            } else if (line.strip().equals("/**")) {
                List<String> doc = readDoc(reader);
                Matcher field = FIELD.matcher(String.join("\n", doc));
                if (field.find()) {
                    fields.put(
                            field.group(2),
                            new Message.Field(
                                    field.group(2),
                                    definition(unescape(field.group(1))),
                                    Integer.parseInt(field.group(3)),
                                    comment(doc)));
                }
            }
        }
        messages.put(name, new Message(name, Comment.NONE, fields));
    }

    /** The lines up to the end of a Javadoc block, without the leading stars. */
    private static List<String> readDoc(BufferedReader reader) throws IOException {
        List<String> lines = new ArrayList<>();
        for (String line = reader.readLine();
                line != null && !line.strip().equals("*/");
                line = reader.readLine()) {
            int star = line.indexOf('*');
            String text = star < 0 ? line : line.substring(star + 1);
            lines.add(text.startsWith(" ") ? text.substring(1) : text);
        }
        return lines;
    }

    private static Comment comment(List<String> doc) {
        int start = doc.indexOf("<pre>");
        int end = doc.indexOf("</pre>");
        return start < 0 || end < start
                ? Comment.NONE
                : new Comment(
                        doc.subList(start + 1, end).stream().map(ProtoSources::unescape).toList());
    }

    /** {@code .k8s.io.api.core.v1.Pod} as {@code io.k8s.api.core.v1.Pod}. */
    static String definition(String protoName) {
        String name = protoName.startsWith(".") ? protoName.substring(1) : protoName;
        return name.replaceFirst("^k8s\\.io\\.", "io.k8s.")
                .replaceFirst(
                        "^io\\.k8s\\.apiextensions_apiserver\\.", "io.k8s.apiextensions-apiserver.")
                .replaceFirst("^io\\.k8s\\.kube_aggregator\\.", "io.k8s.kube-aggregator.");
    }

    /** protoc escapes what Javadoc would misread. */
    private static String unescape(String text) {
        return text.replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&#64;", "@")
                .replace("&#42;", "*")
                .replace("&#47;", "/")
                .replace("&#92;", "\\")
                .replace("&quot;", "\"")
                .replace("&amp;", "&");
    }
}
