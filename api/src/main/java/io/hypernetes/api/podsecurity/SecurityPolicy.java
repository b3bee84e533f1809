package io.hypernetes.api.podsecurity;

import io.hypernetes.api.FieldError;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a namespace's labels ask for in each of the three modes. */
public record SecurityPolicy(Standard enforce, Standard audit, Standard warn) {
    /** The levels, the laxest first. */
    public enum Level {
        PRIVILEGED("privileged"),
        BASELINE("baseline"),
        RESTRICTED("restricted");

        private final String text;

        Level(String text) {
            this.text = text;
        }

        public static Optional<Level> of(String text) {
            for (Level level : values()) {
                if (level.text.equals(text)) {
                    return Optional.of(level);
                }
            }
            return Optional.empty();
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /**
     * A level as it was in one version.
     *
     * @param minor of the version 1.x; {@link #LATEST} for the newest there is
     */
    public record Standard(Level level, int minor) {
        static final int LATEST = Integer.MAX_VALUE;

        @Override
        public String toString() {
            return level.text + ":" + (minor == LATEST ? "latest" : "v1." + minor);
        }
    }

    /** The policy, and what is wrong with the labels; a wrong label counts as the strict choice. */
    public record Parsed(SecurityPolicy policy, List<FieldError> errors) {}

    private static final String PREFIX = "pod-security.kubernetes.io/";

    /** The label that says what is refused. */
    public static final String ENFORCE = PREFIX + "enforce";

    private static final Pattern VERSION = Pattern.compile("v1\\.([0-9]|[1-9][0-9]{0,8})");

    public boolean isFullyPrivileged() {
        return enforce.level() == Level.PRIVILEGED
                && audit.level() == Level.PRIVILEGED
                && warn.level() == Level.PRIVILEGED;
    }

    public static Parsed of(Map<String, String> labels) {
        return of(labels, Level.PRIVILEGED);
    }

    /**
     * @param unlabelled what is enforced where no label says it
     */
    public static Parsed of(Map<String, String> labels, Level unlabelled) {
        List<FieldError> errors = new ArrayList<>();
        // Audit and warn fail open: they hold up nothing.
        Standard enforce = standard(labels, "enforce", unlabelled, Level.RESTRICTED, errors);
        Standard audit = standard(labels, "audit", Level.PRIVILEGED, Level.PRIVILEGED, errors);
        Standard warn = standard(labels, "warn", Level.PRIVILEGED, Level.PRIVILEGED, errors);
        String wished = labels.get(ENFORCE);
        boolean enforced = wished == null || Level.of(wished).isPresent();
        boolean stricter = enforce.level().compareTo(warn.level()) > 0;
        if (!labels.containsKey(PREFIX + "warn") && enforced && stricter) {
            int minor =
                    labels.containsKey(PREFIX + "warn-version") ? warn.minor() : enforce.minor();
            warn = new Standard(enforce.level(), minor);
        }
        return new Parsed(new SecurityPolicy(enforce, audit, warn), errors);
    }

    private static Standard standard(
            Map<String, String> labels,
            String mode,
            Level unlabelled,
            Level onError,
            List<FieldError> errors) {
        Level level = unlabelled;
        String wished = labels.get(PREFIX + mode);
        if (wished != null) {
            Optional<Level> known = Level.of(wished);
            if (known.isEmpty()) {
                errors.add(
                        FieldError.invalidText(
                                "metadata.labels[" + PREFIX + mode + "]",
                                wished,
                                "must be one of privileged, baseline, restricted"));
            }
            level = known.orElse(onError);
        }
        int minor = Standard.LATEST;
        String version = labels.get(PREFIX + mode + "-version");
        if (version != null && !version.equals("latest")) {
            Matcher matcher = VERSION.matcher(version);
            if (matcher.matches()) {
                minor = Integer.parseInt(matcher.group(1));
            } else {
                errors.add(
                        FieldError.invalidText(
                                "metadata.labels[" + PREFIX + mode + "-version]",
                                version,
                                "must be \"latest\" or \"v1.x\""));
            }
        }
        return new Standard(level, minor);
    }
}
