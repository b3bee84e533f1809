package io.hypernetes.api.podsecurity;

import io.hypernetes.api.podsecurity.SecurityPolicy.Level;
import io.hypernetes.api.podsecurity.SecurityPolicy.Standard;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The table of checks: which one is asked at which level since (and until) which version. */
public final class PodChecks {
    /**
     * @param until the version that no longer asks it, because a newer row does
     * @param overrides the baseline check that this restricted one makes superfluous
     */
    private record Row(
            String id,
            Level level,
            int since,
            int until,
            String overrides,
            Function<PodView, Optional<Violation>> check) {
        boolean applies(int minor) {
            return since <= minor && minor < until;
        }
    }

    private static final int NOW = 36;
    private static final int OPEN = Integer.MAX_VALUE;

    private static final List<Row> ROWS =
            List.of(
                    baseline("appArmorProfile", 0, OPEN, BaselineChecks::appArmor),
                    baseline("capabilities_baseline", 0, OPEN, BaselineChecks::capabilities),
                    baseline("hostNamespaces", 0, OPEN, BaselineChecks::hostNamespaces),
                    baseline("hostPathVolumes", 0, OPEN, BaselineChecks::hostPathVolumes),
                    baseline("hostPorts", 0, OPEN, BaselineChecks::hostPorts),
                    baseline("hostProbesAndHostLifecycle", 34, OPEN, BaselineChecks::hostProbes),
                    baseline("privileged", 0, OPEN, BaselineChecks::privileged),
                    baseline("procMount", 0, 35, BaselineChecks::procMount),
                    baseline(
                            "procMount",
                            35,
                            OPEN,
                            pod ->
                                    pod.hasOwnUsers()
                                            ? Optional.empty()
                                            : BaselineChecks.procMount(pod)),
                    baseline(
                            "seLinuxOptions", 0, 31, pod -> BaselineChecks.seLinux(pod, List.of())),
                    baseline(
                            "seLinuxOptions",
                            31,
                            OPEN,
                            pod -> BaselineChecks.seLinux(pod, List.of("container_engine_t"))),
                    baseline("seccompProfile_baseline", 0, 19, SeccompChecks::annotations),
                    baseline("seccompProfile_baseline", 19, OPEN, SeccompChecks::baseline),
                    baseline("sysctls", 0, 27, pod -> BaselineChecks.sysctls(pod, 0)),
                    baseline("sysctls", 27, 29, pod -> BaselineChecks.sysctls(pod, 27)),
                    baseline("sysctls", 29, 32, pod -> BaselineChecks.sysctls(pod, 29)),
                    baseline("sysctls", 32, OPEN, pod -> BaselineChecks.sysctls(pod, 32)),
                    baseline("windowsHostProcess", 0, OPEN, BaselineChecks::hostProcess),
                    restricted(
                            "allowPrivilegeEscalation",
                            8,
                            25,
                            "",
                            RestrictedChecks::privilegeEscalation),
                    restricted(
                            "allowPrivilegeEscalation",
                            25,
                            OPEN,
                            "",
                            notOnWindows(RestrictedChecks::privilegeEscalation)),
                    restricted(
                            "capabilities_restricted",
                            22,
                            25,
                            "capabilities_baseline",
                            RestrictedChecks::capabilities),
                    restricted(
                            "capabilities_restricted",
                            25,
                            OPEN,
                            "capabilities_baseline",
                            notOnWindows(RestrictedChecks::capabilities)),
                    restricted(
                            "procMount_restricted",
                            35,
                            OPEN,
                            "procMount",
                            BaselineChecks::procMount),
                    restricted(
                            "restrictedVolumes",
                            0,
                            OPEN,
                            "hostPathVolumes",
                            RestrictedChecks::volumes),
                    restricted("runAsNonRoot", 0, 35, "", RestrictedChecks::nonRoot),
                    restricted(
                            "runAsNonRoot",
                            35,
                            OPEN,
                            "",
                            pod ->
                                    pod.hasOwnUsers()
                                            ? Optional.empty()
                                            : RestrictedChecks.nonRoot(pod)),
                    restricted("runAsUser", 23, 35, "", RestrictedChecks::user),
                    restricted(
                            "runAsUser",
                            35,
                            OPEN,
                            "",
                            pod ->
                                    pod.hasOwnUsers()
                                            ? Optional.empty()
                                            : RestrictedChecks.user(pod)),
                    restricted(
                            "seccompProfile_restricted",
                            19,
                            25,
                            "seccompProfile_baseline",
                            SeccompChecks::restricted),
                    restricted(
                            "seccompProfile_restricted",
                            25,
                            OPEN,
                            "seccompProfile_baseline",
                            notOnWindows(SeccompChecks::restricted)));

    private PodChecks() {}

    private static Row baseline(
            String id, int since, int until, Function<PodView, Optional<Violation>> check) {
        return new Row(id, Level.BASELINE, since, until, "", check);
    }

    private static Row restricted(
            String id,
            int since,
            int until,
            String overrides,
            Function<PodView, Optional<Violation>> check) {
        return new Row(id, Level.RESTRICTED, since, until, overrides, check);
    }

    private static Function<PodView, Optional<Violation>> notOnWindows(
            Function<PodView, Optional<Violation>> check) {
        return pod -> pod.isWindows() ? Optional.empty() : check.apply(pod);
    }

    /** What the standard forbids in this pod, in the order in which upstream tells it. */
    public static List<Violation> violations(Standard standard, PodView pod) {
        int minor = Math.min(standard.minor(), NOW);
        List<Row> asked =
                ROWS.stream()
                        .filter(row -> row.level().compareTo(standard.level()) <= 0)
                        .filter(row -> row.applies(minor))
                        .toList();
        List<String> overridden = asked.stream().map(Row::overrides).toList();
        List<Violation> found = new ArrayList<>();
        asked.stream()
                .filter(row -> !overridden.contains(row.id()))
                .sorted(Comparator.comparing(Row::level).thenComparing(Row::id))
                .forEach(row -> row.check().apply(pod).ifPresent(found::add));
        return found;
    }
}
