package io.hypernetes.api.custom;

import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Kubernetes' order of versions: v2, v1, v1beta2, v1alpha1, then all others by name. */
public final class Versions {
    private static final Pattern FORM =
            Pattern.compile("v([1-9][0-9]{0,8})(?:(alpha|beta)([1-9][0-9]{0,8}))?");

    /** Stable before beta before alpha before no version at all; newer before older. */
    public static final Comparator<String> PREFERRED_FIRST =
            Comparator.comparingInt(Versions::stability)
                    .reversed()
                    .thenComparing(Versions::major, Comparator.reverseOrder())
                    .thenComparing(Versions::minor, Comparator.reverseOrder())
                    .thenComparing(Comparator.naturalOrder());

    private Versions() {}

    private static int stability(String version) {
        Matcher matcher = FORM.matcher(version);
        if (!matcher.matches()) {
            return 0;
        }
        String stage = matcher.group(2);
        return stage == null ? 3 : stage.equals("beta") ? 2 : 1;
    }

    private static int major(String version) {
        Matcher matcher = FORM.matcher(version);
        return matcher.matches() ? Integer.parseInt(matcher.group(1)) : 0;
    }

    private static int minor(String version) {
        Matcher matcher = FORM.matcher(version);
        return matcher.matches() && matcher.group(3) != null
                ? Integer.parseInt(matcher.group(3))
                : 0;
    }
}
