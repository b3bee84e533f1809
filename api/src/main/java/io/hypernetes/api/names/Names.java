package io.hypernetes.api.names;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Every method says what is wrong with a text, in Kubernetes' words (apimachinery, util/validation
 * and api/validate/content); an empty list is a good one.
 */
public final class Names {

    private static final int LONGEST = 253;

    private static final String LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
    private static final String SUBDOMAIN = LABEL + "(\\." + LABEL + ")*";
    private static final String LABEL_1035 = "[a-z]([-a-z0-9]*[a-z0-9])?";
    private static final String KEY = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";
    private static final String VALUE = "(" + KEY + ")?";
    private static final String CONFIG_KEY = "[-._a-zA-Z0-9]+";
    private static final String ALPHANUMERIC_ENDS =
            "must start and end with an alphanumeric character";

    private static final String HEADER = "[-A-Za-z0-9]+";
    private static final String SEARCH_LABEL = "_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?";
    private static final String SEARCH_PATH = SEARCH_LABEL + "(\\." + SEARCH_LABEL + ")*";

    private static final String WILDCARD = "\\*\\." + SUBDOMAIN;

    private static final Pattern IS_WILDCARD = Pattern.compile(WILDCARD);
    private static final Pattern IS_HEADER = Pattern.compile(HEADER);
    private static final Pattern IS_SEARCH_PATH = Pattern.compile(SEARCH_PATH);
    private static final Pattern IS_LABEL_1035 = Pattern.compile(LABEL_1035);
    private static final Pattern IS_CONFIG_KEY = Pattern.compile(CONFIG_KEY);
    private static final Pattern IS_PORT_CHARACTERS = Pattern.compile("[-a-z0-9]+");
    private static final Pattern HAS_LETTER = Pattern.compile("[a-z]");

    private static final String QUALIFIED_FORM =
            form(
                    "must consist of alphanumeric characters, '-', '_' or '.', and "
                            + ALPHANUMERIC_ENDS,
                    KEY,
                    "MyName",
                    "my.name",
                    "123-abc");

    private Names() {}

    /** {@code my.name}: most objects. */
    public static List<String> dnsSubdomain(String name) {
        return dnsSubdomain(name, "characters");
    }

    private static List<String> dnsSubdomain(String name, String unit) {
        List<String> errors = atMost(LONGEST, unit, name);
        if (!isSubdomain(name)) {
            errors.add(
                    form(
                            "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric"
                                    + " characters, '-' or '.', and "
                                    + ALPHANUMERIC_ENDS,
                            SUBDOMAIN,
                            "example.com"));
        }
        return List.copyOf(errors);
    }

    /** {@code *.my.name}: hosts of an ingress. */
    public static List<String> wildcardSubdomain(String name) {
        List<String> errors = atMost(LONGEST, "characters", name);
        if (!matches(IS_WILDCARD, name)) {
            errors.add(
                    form(
                            "a wildcard DNS-1123 subdomain must start with '*.', followed by a"
                                    + " valid DNS subdomain, which must consist of lower case"
                                    + " alphanumeric characters, '-' or '.' and end with an"
                                    + " alphanumeric character",
                            WILDCARD,
                            "*.example.com"));
        }
        return List.copyOf(errors);
    }

    /** {@code my-name}: namespaces, containers, volumes. */
    public static List<String> dnsLabel(String name) {
        List<String> errors = atMost(63, "characters", name);
        if (!isLabel(name, 0, name.length())) {
            errors.add(
                    isSubdomain(name)
                            ? "must not contain dots"
                            : form(
                                    "a lowercase RFC 1123 label must consist of lower case"
                                            + " alphanumeric characters or '-', and "
                                            + ALPHANUMERIC_ENDS,
                                    LABEL,
                                    "my-name",
                                    "123-abc"));
        }
        return List.copyOf(errors);
    }

    /** {@code my-name}, first a letter: services. */
    public static List<String> dns1035Label(String name) {
        List<String> errors = atMost(63, "characters", name);
        if (!matches(IS_LABEL_1035, name)) {
            errors.add(
                    form(
                            "a DNS-1035 label must consist of lower case alphanumeric characters"
                                    + " or '-', start with an alphabetic character, and end with"
                                    + " an alphanumeric character",
                            LABEL_1035,
                            "my-name",
                            "abc-123"));
        }
        return List.copyOf(errors);
    }

    /** What can be one segment of a path: RBAC objects, {@code system:node}. */
    public static List<String> pathSegment(String name) {
        if (name.equals(".") || name.equals("..")) {
            return List.of("may not be '" + name + "'");
        }
        List<String> errors = new ArrayList<>();
        for (String illegal : List.of("/", "%")) {
            if (name.contains(illegal)) {
                errors.add("may not contain '" + illegal + "'");
            }
        }
        return List.copyOf(errors);
    }

    /** The key of a label or annotation, a taint, a finalizer: {@code example.com/my.name}. */
    public static List<String> qualifiedName(String key) {
        int slash = key.indexOf('/');
        if (slash != key.lastIndexOf('/')) {
            return List.of(
                    "a valid label key "
                            + QUALIFIED_FORM
                            + " with an optional DNS subdomain prefix and '/' (e.g."
                            + " 'example.com/MyName')");
        }
        List<String> errors = new ArrayList<>();
        if (slash == 0) {
            errors.add("prefix part must be non-empty");
        } else if (slash > 0) {
            dnsSubdomain(key.substring(0, slash), "bytes")
                    .forEach(e -> errors.add("prefix part " + e));
        }
        String name = key.substring(slash + 1);
        if (name.isEmpty()) {
            errors.add("name part must be non-empty");
        } else {
            atMost(63, "bytes", name).forEach(e -> errors.add("name part " + e));
        }
        if (!isKey(name)) {
            errors.add("name part " + QUALIFIED_FORM);
        }
        return List.copyOf(errors);
    }

    /** The value of a label. */
    public static List<String> labelValue(String value) {
        List<String> errors = atMost(63, "bytes", value);
        if (!value.isEmpty() && !isKey(value)) {
            errors.add(
                    form(
                            "a valid label must be an empty string or consist of alphanumeric"
                                    + " characters, '-', '_' or '.', and "
                                    + ALPHANUMERIC_ENDS,
                            VALUE,
                            "MyValue",
                            "my_value",
                            "12345"));
        }
        return List.copyOf(errors);
    }

    /** A key of a ConfigMap or Secret: it becomes a file's name. */
    public static List<String> configKey(String key) {
        List<String> errors = atMost(LONGEST, "characters", key);
        if (!matches(IS_CONFIG_KEY, key)) {
            errors.add(
                    form(
                            "a valid config key must consist of alphanumeric characters, '-', '_'"
                                    + " or '.'",
                            CONFIG_KEY,
                            "key.name",
                            "KEY_NAME",
                            "key-name"));
        }
        if (key.equals(".") || key.equals("..")) {
            errors.add("must not be '" + key + "'");
        } else if (key.startsWith("..")) {
            errors.add("must not start with '..'");
        }
        return List.copyOf(errors);
    }

    /** The name of an environment variable. */
    public static List<String> environmentVariable(String name) {
        if (name.isEmpty()) {
            return List.of("environment variable name must be non-empty");
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c < ' ' || c > '~' || c == '=') {
                return List.of(
                        "a valid environment variable name must consist only of printable ASCII"
                                + " characters other than '='");
            }
        }
        return List.of();
    }

    /** The name of a header in an HTTP request. */
    public static List<String> headerName(String name) {
        return matches(IS_HEADER, name)
                ? List.of()
                : List.of(
                        form(
                                "a valid HTTP header must consist of alphanumeric characters or"
                                        + " '-'",
                                HEADER,
                                "X-Header-Name"));
    }

    /** A domain that DNS appends to names: like a subdomain, and underscores are allowed. */
    public static List<String> searchPath(String name) {
        List<String> errors = atMost(LONGEST, "characters", name);
        if (!matches(IS_SEARCH_PATH, name)) {
            errors.add(
                    form(
                            "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric"
                                    + " characters, '_', '-' or '.', and "
                                    + ALPHANUMERIC_ENDS,
                            SEARCH_PATH,
                            "example.com"));
        }
        return List.copyOf(errors);
    }

    /** The name of a container's port (IANA service name). */
    public static List<String> portName(String name) {
        List<String> errors = atMost(15, "characters", name);
        if (!matches(IS_PORT_CHARACTERS, name)) {
            errors.add("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)");
        }
        if (!HAS_LETTER.matcher(name).find()) {
            errors.add("must contain at least one letter (a-z)");
        }
        if (name.contains("--")) {
            errors.add("must not contain consecutive hyphens");
        }
        if (name.startsWith("-") || name.endsWith("-")) {
            errors.add("must not begin or end with a hyphen");
        }
        return List.copyOf(errors);
    }

    // What nearly every name of every object is checked by is not left to regular expressions: a
    // pod has thirty of them.

    /** {@link #SUBDOMAIN}. */
    private static boolean isSubdomain(String text) {
        int start = 0;
        for (int dot = text.indexOf('.'); dot >= 0; dot = text.indexOf('.', start)) {
            if (!isLabel(text, start, dot)) {
                return false;
            }
            start = dot + 1;
        }
        return isLabel(text, start, text.length());
    }

    /** {@link #LABEL}, of this part of a text. */
    private static boolean isLabel(String text, int start, int end) {
        for (int i = start; i < end; i++) {
            char c = text.charAt(i);
            boolean inside = i > start && i < end - 1;
            if (!(c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-' && inside)) {
                return false;
            }
        }
        return end > start;
    }

    /** {@link #KEY}. */
    private static boolean isKey(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean inside = i > 0 && i < text.length() - 1;
            boolean alphanumeric =
                    c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
            if (!(alphanumeric || inside && (c == '-' || c == '_' || c == '.'))) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    private static List<String> atMost(int length, String unit, String text) {
        List<String> errors = new ArrayList<>();
        if (text.length() > length) {
            errors.add(String.format(Locale.ROOT, "must be no more than %d %s", length, unit));
        }
        return errors;
    }

    /**
     * Java's matcher recurses over repeated groups. A text that is too long for any name is cut, so
     * that a hostile one cannot exhaust the stack; it has a message about its length anyway.
     */
    private static boolean matches(Pattern pattern, String text) {
        return text.length() <= LONGEST
                ? pattern.matcher(text).matches()
                : pattern.matcher(text.substring(0, LONGEST - 1) + "a").matches();
    }

    private static String form(String rule, String regex, String... examples) {
        StringBuilder text = new StringBuilder(rule).append(" (e.g. ");
        for (int i = 0; i < examples.length; i++) {
            text.append(i > 0 ? " or " : "").append('\'').append(examples[i]).append("', ");
        }
        return text.append("regex used for validation is '").append(regex).append("')").toString();
    }
}
