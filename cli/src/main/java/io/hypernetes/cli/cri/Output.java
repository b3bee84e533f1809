package io.hypernetes.cli.cri;

import com.google.protobuf.Message;

import picocli.CommandLine.Option;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.function.Function;

/** How a list is shown. */
final class Output {

    enum Format {
        TABLE,
        JSON
    }

    @Option(
            names = {"-o", "--output"},
            defaultValue = "table",
            description = "table or json.")
    private Format format = Format.TABLE;

    @Option(
            names = {"-q", "--quiet"},
            description = "The ids alone.")
    private boolean quiet;

    @Option(names = "--no-trunc", description = "Whole ids.")
    private boolean whole;

    boolean whole() {
        return whole;
    }

    /**
     * @param name of the list in JSON
     */
    <T extends Message> void print(
            List<T> items, String name, Function<T, String> id, Function<List<T>, Table> table) {
        if (format == Format.JSON) {
            ObjectNode tree = JsonNodeFactory.instance.objectNode();
            ArrayNode list = tree.putArray(name);
            items.forEach(item -> list.add(MessageJson.of(item, false)));
            System.out.println(MessageJson.text(tree));
        } else if (quiet) {
            items.forEach(item -> System.out.println(id.apply(item)));
        } else {
            table.apply(items).print(System.out);
        }
    }
}
