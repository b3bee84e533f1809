package io.hypernetes.cli.schema;

import io.hypernetes.api.ResourceType;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.schema.OpenApiV2Document;
import io.hypernetes.api.schema.Schemas;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.api.types.UnstoredTypes;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;

/** {@code hypernetes schema diff FILE}. */
@Command(
        name = "diff",
        description = {
            "Compare our OpenAPI document with one of a real cluster,",
            "as 'kubectl get --raw /openapi/v2' prints it.",
            "Ends with 1 when there is a difference that is not listed with a reason."
        },
        mixinStandardHelpOptions = true)
final class SchemaDiffCommand implements Callable<Integer> {

    @Parameters(paramLabel = "FILE", description = "An OpenAPI v2 document, JSON.")
    private Path file = Path.of("");

    @Option(names = "--descriptions", description = "Compare the texts for readers too.")
    private boolean descriptions;

    @Override
    public Integer call() throws IOException {
        List<ResourceType> types = new ArrayList<>(BuiltinTypes.ALL);
        types.addAll(UnstoredTypes.ALL);
        byte[] ours = new OpenApiV2Document(Schemas.kubernetes(), types).json();
        List<Difference> found =
                OpenApiComparison.of(
                        Json.parseObject(ours),
                        Json.parseObject(Files.readAllBytes(file)),
                        descriptions);
        return report(found, KnownDifferences.shipped(), System.out);
    }

    /** Prints what is not known, grouped by what it is, then counts what is known by reason. */
    static int report(List<Difference> found, KnownDifferences known, PrintStream out) {
        Map<String, Integer> counts = new LinkedHashMap<>();
        known.entries().forEach(entry -> counts.put(entry.reason(), 0));
        Map<String, List<Difference>> unknown = new TreeMap<>();
        for (Difference difference : found) {
            Optional<KnownDifferences.Entry> entry = known.find(difference);
            if (entry.isPresent()) {
                counts.merge(entry.get().reason(), 1, Integer::sum);
            } else {
                unknown.computeIfAbsent(difference.what(), _ -> new ArrayList<>()).add(difference);
            }
        }
        int total = 0;
        for (Map.Entry<String, List<Difference>> group : unknown.entrySet()) {
            total += group.getValue().size();
            out.println(group.getKey() + ": " + group.getValue().size());
            for (Difference difference : group.getValue()) {
                out.println("  " + difference.where());
                out.println("    ours   " + difference.ours());
                out.println("    theirs " + difference.theirs());
            }
        }
        out.println("known differences, by reason:");
        counts.forEach((reason, count) -> out.println("  " + count + "  " + reason));
        out.println(total + " differences that are not listed");
        return total == 0 ? 0 : 1;
    }
}
