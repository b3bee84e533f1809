import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;

/**
 * {@code TestReport ROOT}: the end of a test run in plain words. What the modules' reports say that
 * are newer than {@code target/tests-began}: which tests failed, which were skipped, and which
 * passed only when they were run a second time; what the first time said is in {@code
 * MODULE/target/first-time} then. Ends with 1 when anything is red; a flake is none, but is told,
 * as it is a bug to be mended.
 *
 * <p>{@code TestReport ROOT again}: the modules and the classes of integration tests that are worth
 * a second time, each list with commas. Nothing, when there are none, or something else is wrong,
 * or so many that it is no flake.
 */
public final class TestReport {

    private enum Outcome {
        PASSED,
        FLAKY,
        FAILED,
        SKIPPED
    }

    private record Result(String module, Outcome outcome, String why) {}

    /** Its tests build on each other, over all its classes. */
    private static final String TOUR = "e2e";

    private static final int MOST_FLAKES = 8;

    private final Path root;
    private final FileTime began;

    /** By the name of the test. */
    private final Map<String, Result> results = new LinkedHashMap<>();

    /** What is wrong beside single tests. */
    private final List<String> broken = new ArrayList<>();

    private TestReport(Path root) throws IOException {
        this.root = root;
        this.began = Files.getLastModifiedTime(root.resolve("target/tests-began"));
    }

    public static void main(String[] arguments) throws Exception {
        TestReport report = new TestReport(Path.of(arguments[0]));
        report.read();
        boolean yes = arguments.length > 1 ? report.again() : report.tell();
        System.exit(yes ? 0 : 1);
    }

    private void read() throws Exception {
        for (Path module : list(root)) {
            Path target = module.resolve("target");
            for (Path file : news(target.resolve("first-time"))) {
                readSuite(module, file, true);
            }
            for (String reports : List.of("surefire-reports", "failsafe-reports")) {
                for (Path file : news(target.resolve(reports))) {
                    if (file.getFileName().toString().startsWith("TEST-")) {
                        readSuite(module, file, false);
                    } else {
                        readSummary(module.getFileName().toString(), file);
                    }
                }
            }
        }
        if (Files.exists(root.resolve("target/unformatted"))) {
            broken.add("files are not formatted: mvn -N exec:exec@format -Dformat=write");
        }
    }

    private static List<Path> list(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }

    private List<Path> news(Path folder) throws IOException {
        List<Path> found = new ArrayList<>();
        for (Path file : list(folder)) {
            if (file.toString().endsWith(".xml")
                    && Files.getLastModifiedTime(file).compareTo(began) >= 0) {
                found.add(file);
            }
        }
        return found;
    }

    private static Element parse(Path file) throws Exception {
        return factory().newDocumentBuilder().parse(file.toFile()).getDocumentElement();
    }

    private static DocumentBuilderFactory factory() throws ParserConfigurationException {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        return factory;
    }

    private void readSuite(Path module, Path file, boolean first) throws Exception {
        Element suite = parse(file);
        String type = suite.getAttribute("name");
        Set<String> names = new TreeSet<>();
        NodeList cases = suite.getElementsByTagName("testcase");
        for (int i = 0; i < cases.getLength(); i++) {
            Element test = (Element) cases.item(i);
            String name = test.getAttribute("classname") + "#" + test.getAttribute("name");
            Result result = result(module.getFileName().toString(), test);
            Result before = results.get(name);
            if (!first
                    && before != null
                    && before.outcome() == Outcome.FAILED
                    && result.outcome() == Outcome.PASSED) {
                result = new Result(result.module(), Outcome.FLAKY, before.why());
            }
            results.put(name, result);
            names.add(name);
        }
        if (!first) {
            forgive(type, names);
        }
    }

    /** Also what has no name of its own: a class that could not begin the first time. */
    private void forgive(String type, Set<String> again) {
        results.replaceAll((name, before) -> {
            boolean well =
                    name.startsWith(type + "#")
                            && before.outcome() == Outcome.FAILED
                            && !again.contains(name);
            return well ? new Result(before.module(), Outcome.FLAKY, before.why()) : before;
        });
    }

    private static Result result(String module, Element test) {
        for (Node node = test.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element element) {
                switch (element.getTagName()) {
                    case "failure", "error" -> {
                        return new Result(module, Outcome.FAILED, why(element));
                    }
                    case "flakyFailure", "flakyError" -> {
                        return new Result(module, Outcome.FLAKY, why(element));
                    }
                    case "skipped" -> {
                        return new Result(module, Outcome.SKIPPED, why(element));
                    }
                    default -> {
                        continue;
                    }
                }
            }
        }
        return new Result(module, Outcome.PASSED, "");
    }

    private static String why(Element element) {
        String message = element.getAttribute("message");
        String text = message.isBlank() ? element.getTextContent() : message;
        return text.strip().lines().findFirst().orElse(element.getAttribute("type"));
    }

    /** What failsafe says of a whole module: a test process that hung or died has no test. */
    private void readSummary(String module, Path file) throws Exception {
        if (!file.getFileName().toString().equals("failsafe-summary.xml")) {
            return;
        }
        Element summary = parse(file);
        String failure =
                summary.getElementsByTagName("failureMessage").item(0) instanceof Element element
                        ? element.getTextContent().strip()
                        : "";
        if (summary.getAttribute("timeout").equals("true") || !failure.isEmpty()) {
            String first = failure.lines().findFirst().orElse("it took too long");
            broken.add("the integration tests of " + module + " did not come to an end: " + first);
        }
    }

    private boolean again() {
        Set<String> modules = new TreeSet<>();
        Set<String> classes = new TreeSet<>();
        boolean units = false;
        for (Map.Entry<String, Result> entry : results.entrySet()) {
            if (entry.getValue().outcome() == Outcome.FAILED) {
                String module = entry.getValue().module();
                String type = entry.getKey().replaceAll("[$#].*", "");
                units |= !type.endsWith("IT");
                modules.add(module);
                classes.add(module.equals(TOUR) ? "io.hypernetes.e2e.*IT" : type);
            }
        }
        if (classes.isEmpty() || classes.size() > MOST_FLAKES || units || !broken.isEmpty()) {
            return false;
        }
        System.out.println(String.join(",", modules) + " " + String.join(",", classes));
        return true;
    }

    /** Whether all is well. */
    private boolean tell() {
        List<String> failed = of(Outcome.FAILED);
        List<String> skipped = of(Outcome.SKIPPED);
        List<String> flaky = of(Outcome.FLAKY);
        System.out.printf(
                "%n%,d tests: %d failed, %d skipped, %d passed only the second time%n",
                results.size(), failed.size(), skipped.size(), flaky.size());
        tell("FAILED", failed);
        tell("SKIPPED, which is a failure here", skipped);
        tell("PASSED ONLY THE SECOND TIME, a bug to be mended (CONTRIBUTING.md)", flaky);
        broken.forEach(what -> System.out.println("BROKEN: " + what));
        return failed.isEmpty() && skipped.isEmpty() && broken.isEmpty();
    }

    private static void tell(String title, List<String> tests) {
        if (!tests.isEmpty()) {
            System.out.println(title + ":");
            tests.forEach(test -> System.out.println("  " + test));
        }
    }

    private List<String> of(Outcome outcome) {
        return results.entrySet().stream()
                .filter(entry -> entry.getValue().outcome() == outcome)
                .map(entry -> entry.getKey() + ": " + entry.getValue().why())
                .toList();
    }
}
