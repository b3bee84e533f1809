package io.hypernetes.cli.schema;

import io.hypernetes.api.json.Yaml;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** The differences that are meant, each with its reason: {@code known-differences.yaml}. */
record KnownDifferences(List<Entry> entries) {

    /**
     * @param what a regular expression for {@link Difference#what}
     * @param where a regular expression for {@link Difference#where}
     */
    record Entry(String what, String where, String reason) {

        boolean covers(Difference difference) {
            return Pattern.matches(what, difference.what())
                    && Pattern.matches(where, difference.where());
        }
    }

    static KnownDifferences shipped() {
        String resource = "known-differences.yaml";
        try (InputStream in = KnownDifferences.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException(resource + " is not in the jar: build again");
            }
            return parse(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + resource, e);
        }
    }

    static KnownDifferences parse(byte[] yaml) {
        List<Entry> entries = new ArrayList<>();
        for (JsonNode entry : Yaml.parse(yaml).tree().path("differences")) {
            entries.add(
                    new Entry(
                            entry.path("what").asString(""),
                            entry.path("where").asString(""),
                            entry.path("reason").asString("")));
        }
        return new KnownDifferences(entries);
    }

    Optional<Entry> find(Difference difference) {
        return entries.stream().filter(entry -> entry.covers(difference)).findFirst();
    }

    /** The page of the documentation. */
    String markdown() {
        StringBuilder page =
                new StringBuilder(
                        """
                        # Differences from Kubernetes' OpenAPI document

                        `./hypernetes schema diff FILE` compares our document with one of a real cluster (`kubectl get --raw /openapi/v2`) and ends with 1 when there is a difference that is not listed here. The list is `known-differences.yaml` of the module `cli`; `./hypernetes schema differences` prints this page from it, and a test keeps both equal. `what` and `where` are regular expressions.

                        | what | where | reason |
                        |---|---|---|
                        """);
        for (Entry entry : entries) {
            page.append("| `")
                    .append(entry.what().replace("|", "\\|"))
                    .append("` | `")
                    .append(entry.where().replace("|", "\\|"))
                    .append("` | ")
                    .append(entry.reason())
                    .append(" |\n");
        }
        return page.toString();
    }
}
