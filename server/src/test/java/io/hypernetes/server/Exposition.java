package io.hypernetes.server;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads Prometheus' text format 0.0.4 as strictly as {@code promtool check metrics}: HELP and TYPE
 * once and before the samples of their metric, which stand together; no series twice; counters end
 * in {@code _total}; buckets grow, end with {@code +Inf} and agree with {@code _count}.
 */
final class Exposition {
    private static final Pattern COMMENT =
            Pattern.compile("# (HELP|TYPE) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.+)");
    private static final Pattern LABEL =
            Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)=\"((?:[^\"\\\\\n]|\\\\[\\\\n\"])*)\"");
    private static final Pattern SAMPLE =
            Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(.*)\\})? (\\S+)");

    private final Map<String, String> types = new HashMap<>();
    private final Set<String> helped = new HashSet<>();
    private final Set<String> ended = new HashSet<>();
    private final Set<String> series = new HashSet<>();

    /** The last bucket of each histogram's series. */
    private final Map<String, Double> buckets = new HashMap<>();

    private String current = "";

    private Exposition() {}

    static void check(String text) {
        if (!text.endsWith("\n")) {
            throw new AssertionError("the last line does not end");
        }
        Exposition exposition = new Exposition();
        for (String line : text.split("\n")) {
            exposition.read(line);
        }
    }

    private void read(String line) {
        if (line.startsWith("#")) {
            comment(line);
        } else {
            sample(line);
        }
    }

    private void comment(String line) {
        Matcher comment = COMMENT.matcher(line);
        require(comment.matches(), "no HELP and no TYPE", line);
        String name = comment.group(2);
        enter(name, line);
        if (comment.group(1).equals("HELP")) {
            require(helped.add(name), "a second HELP", line);
        } else {
            String type = comment.group(3);
            require(types.put(name, type) == null, "a second TYPE", line);
            require(Set.of("counter", "gauge", "histogram").contains(type), "the type", line);
            require(
                    !type.equals("counter") || name.endsWith("_total"),
                    "a counter's name ends in _total",
                    line);
        }
    }

    private void enter(String name, String line) {
        if (!current.equals(name)) {
            ended.add(current);
            require(!ended.contains(name), "its metric was over", line);
            current = name;
        }
    }

    private void sample(String line) {
        Matcher sample = SAMPLE.matcher(line);
        require(sample.matches(), "no sample", line);
        String name = sample.group(1);
        String labels = sample.group(2) == null ? "" : sample.group(2);
        String type = types.getOrDefault(current, "");
        require(!type.isEmpty() && helped.contains(current), "no TYPE or HELP before it", line);
        require(series.add(name + "{" + labels + "}"), "the series comes twice", line);
        Map<String, String> pairs = pairs(labels, line);
        double value = value(sample.group(3), line);
        if (type.equals("histogram")) {
            histogram(name, labels, pairs, value, line);
        } else {
            require(name.equals(current), "the name", line);
            require(!type.equals("counter") || value >= 0, "a counter below zero", line);
        }
    }

    private void histogram(
            String name, String labels, Map<String, String> pairs, double value, String line) {
        String of = current + labels.replaceAll(",?le=\"[^\"]*\"", "");
        if (name.equals(current + "_bucket")) {
            require(pairs.containsKey("le"), "a bucket without le", line);
            require(value >= buckets.getOrDefault(of, 0.0), "a smaller bucket", line);
            buckets.put(of, value);
        } else if (name.equals(current + "_count")) {
            Double last = buckets.get(of);
            require(last != null && last == value, "not what is in its buckets", line);
        } else {
            require(name.equals(current + "_sum"), "the name", line);
        }
    }

    private static Map<String, String> pairs(String labels, String line) {
        Map<String, String> pairs = new HashMap<>();
        Matcher label = LABEL.matcher(labels);
        int at = 0;
        while (at < labels.length()) {
            require(label.find(at) && label.start() == at, "the labels", line);
            require(pairs.put(label.group(1), label.group(2)) == null, "a label twice", line);
            at = label.end();
            require(at == labels.length() || labels.charAt(at) == ',', "between the labels", line);
            at++;
        }
        return pairs;
    }

    private static double value(String text, String line) {
        if (text.equals("+Inf") || text.equals("NaN")) {
            return Double.POSITIVE_INFINITY;
        }
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw new AssertionError("no number: " + line, e);
        }
    }

    private static void require(boolean holds, String what, String line) {
        if (!holds) {
            throw new AssertionError(what + ": " + line);
        }
    }
}
