package io.hypernetes.identity.rbac;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Roles as the tables of this package write them down; {@code component-roles.txt} says how.
 *
 * @param namespace empty for a ClusterRole
 * @param subjects to whom it is bound, as the table names them
 */
record RoleTable(String namespace, String name, List<String> subjects, List<Rule> rules) {

    private static final String CONTROLLER = "system:controller:";

    /** How an event is told. */
    private static final String EVENTS = "core events.k8s.io | events | create patch update";

    static List<RoleTable> read(String table) {
        List<RoleTable> roles = new ArrayList<>();
        text(table)
                .lines()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .forEach(line -> {
                    if (line.startsWith(" ")) {
                        roles.getLast().rules.add(rule(line.strip()));
                    } else {
                        roles.add(role(line.split(" ")));
                    }
                });
        return List.copyOf(roles);
    }

    private static String text(String table) {
        try (InputStream file = RoleTable.class.getResourceAsStream(table)) {
            if (file == null) {
                throw new IllegalStateException(table + " is missing: build the module again");
            }
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static RoleTable role(String[] words) {
        return switch (words[0]) {
            case "role" -> role("", words[1], words.length > 2 ? words[2] : "");
            case "controller" -> role("", CONTROLLER + words[1], "kube-system/" + words[1]);
            case "in" -> role(words[1], words[2], words[3]);
            default -> throw new IllegalStateException("no line of a table: " + words[0]);
        };
    }

    private static RoleTable role(String namespace, String name, String subjects) {
        return new RoleTable(
                namespace,
                name,
                subjects.isEmpty() ? List.of() : List.of(subjects.split(",")),
                new ArrayList<>());
    }

    private static Rule rule(String line) {
        String[] cells = (line.equals("events") ? EVENTS : line).split(" \\| ");
        return new Rule(
                words(cells[2]).flatMap(RoleTable::verbs).toList(),
                words(cells[0]).map(group -> group.equals("core") ? "" : group).toList(),
                words(cells[1]).toList(),
                cells.length > 3 ? words(cells[3]).toList() : List.of(),
                List.of());
    }

    private static Stream<String> verbs(String word) {
        return switch (word) {
            case "read" -> Stream.of("get", "list", "watch");
            case "write" -> Stream.of("create", "delete", "deletecollection", "patch", "update");
            default -> Stream.of(word);
        };
    }

    private static Stream<String> words(String cell) {
        return Arrays.stream(cell.split(" "));
    }
}
