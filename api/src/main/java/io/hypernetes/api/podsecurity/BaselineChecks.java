package io.hypernetes.api.podsecurity;

import static io.hypernetes.api.podsecurity.PodView.isTrue;

import tools.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The checks of the baseline level: known ways to escalate privileges are closed. */
final class BaselineChecks {
    private static final Set<String> CAPABILITIES =
            Set.of(
                    "AUDIT_WRITE",
                    "CHOWN",
                    "DAC_OVERRIDE",
                    "FOWNER",
                    "FSETID",
                    "KILL",
                    "MKNOD",
                    "NET_BIND_SERVICE",
                    "SETFCAP",
                    "SETGID",
                    "SETPCAP",
                    "SETUID",
                    "SYS_CHROOT");

    /** With the version that first allowed each. */
    private record Sysctl(String name, int since) {}

    private static final List<Sysctl> SYSCTLS =
            List.of(
                    new Sysctl("kernel.shm_rmid_forced", 0),
                    new Sysctl("net.ipv4.ip_local_port_range", 0),
                    new Sysctl("net.ipv4.tcp_syncookies", 0),
                    new Sysctl("net.ipv4.ping_group_range", 0),
                    new Sysctl("net.ipv4.ip_unprivileged_port_start", 0),
                    new Sysctl("net.ipv4.ip_local_reserved_ports", 27),
                    new Sysctl("net.ipv4.tcp_keepalive_time", 29),
                    new Sysctl("net.ipv4.tcp_fin_timeout", 29),
                    new Sysctl("net.ipv4.tcp_keepalive_intvl", 29),
                    new Sysctl("net.ipv4.tcp_keepalive_probes", 29),
                    new Sysctl("net.ipv4.tcp_rmem", 32),
                    new Sysctl("net.ipv4.tcp_wmem", 32));

    private static final Set<String> SELINUX_TYPES =
            Set.of("", "container_t", "container_init_t", "container_kvm_t");

    private static final String APP_ARMOR = "container.apparmor.security.beta.kubernetes.io/";

    private BaselineChecks() {}

    private static Optional<Violation> found(boolean bad, String reason, String detail) {
        return bad ? Optional.of(new Violation(reason, detail)) : Optional.empty();
    }

    private static JsonNode context(JsonNode container) {
        return container.path("securityContext");
    }

    static Optional<Violation> appArmor(PodView pod) {
        TreeSet<String> types = new TreeSet<>();
        boolean podIsBad = badAppArmor(pod.securityContext(), types);
        List<String> containers = pod.named(c -> badAppArmor(context(c), types));
        TreeSet<String> annotations = new TreeSet<>();
        pod.metadata()
                .path("annotations")
                .properties()
                .forEach(annotation -> {
                    String value = annotation.getValue().asString("");
                    boolean allowed =
                            value.isEmpty()
                                    || value.equals("runtime/default")
                                    || value.startsWith("localhost/");
                    if (annotation.getKey().startsWith(APP_ARMOR) && !allowed) {
                        annotations.add(annotation.getKey() + "=\"" + value + '"');
                    }
                });
        List<String> values = new ArrayList<>(types);
        values.addAll(annotations);
        List<String> setters = new ArrayList<>();
        String direct = PodView.setters(podIsBad, containers);
        if (!direct.isEmpty()) {
            setters.add(direct);
        }
        if (!annotations.isEmpty()) {
            setters.add(annotations.size() == 1 ? "annotation" : "annotations");
        }
        return found(
                !setters.isEmpty(),
                values.size() == 1 ? "forbidden AppArmor profile" : "forbidden AppArmor profiles",
                String.join(" and ", setters)
                        + " must not set AppArmor profile type to "
                        + Violation.quoted(values));
    }

    private static boolean badAppArmor(JsonNode context, Set<String> types) {
        JsonNode profile = context.path("appArmorProfile");
        String type = profile.path("type").asString("");
        boolean bad =
                profile.isObject() && !type.equals("RuntimeDefault") && !type.equals("Localhost");
        if (bad) {
            types.add(type);
        }
        return bad;
    }

    static Optional<Violation> capabilities(PodView pod) {
        TreeSet<String> added = new TreeSet<>();
        List<String> containers =
                pod.named(c -> {
                    boolean bad = false;
                    for (JsonNode add : context(c).path("capabilities").path("add")) {
                        if (!CAPABILITIES.contains(add.asString(""))) {
                            bad = true;
                            added.add(add.asString(""));
                        }
                    }
                    return bad;
                });
        return found(
                !containers.isEmpty(),
                "non-default capabilities",
                Violation.containers(containers)
                        + " must not include "
                        + Violation.quoted(added)
                        + " in securityContext.capabilities.add");
    }

    static Optional<Violation> hostNamespaces(PodView pod) {
        List<String> shared = new ArrayList<>();
        for (String field : List.of("hostNetwork", "hostPID", "hostIPC")) {
            if (isTrue(pod.spec().path(field))) {
                shared.add(field + "=true");
            }
        }
        return found(!shared.isEmpty(), "host namespaces", String.join(", ", shared));
    }

    static Optional<Violation> hostPathVolumes(PodView pod) {
        List<String> volumes = new ArrayList<>();
        for (JsonNode volume : pod.spec().path("volumes")) {
            if (volume.path("hostPath").isObject()) {
                volumes.add(volume.path("name").asString(""));
            }
        }
        return found(
                !volumes.isEmpty(),
                "hostPath volumes",
                Violation.counted("volume", "volumes", volumes));
    }

    static Optional<Violation> hostPorts(PodView pod) {
        TreeSet<String> ports = new TreeSet<>();
        List<String> containers =
                pod.named(c -> {
                    boolean bad = false;
                    for (JsonNode port : c.path("ports")) {
                        if (port.path("hostPort").asInt(0) != 0) {
                            bad = true;
                            ports.add(port.path("hostPort").asString(""));
                        }
                    }
                    return bad;
                });
        return found(
                !containers.isEmpty(),
                "hostPort",
                Violation.containers(containers)
                        + (containers.size() == 1 ? " uses " : " use ")
                        + (ports.size() == 1 ? "hostPort " : "hostPorts ")
                        + String.join(", ", ports));
    }

    static Optional<Violation> hostProbes(PodView pod) {
        TreeSet<String> hosts = new TreeSet<>();
        TreeSet<String> containers =
                new TreeSet<>(
                        pod.named(c -> {
                            int before = hosts.size();
                            boolean bad = false;
                            for (String probe :
                                    List.of("livenessProbe", "readinessProbe", "startupProbe")) {
                                bad |= namesHost(c.path(probe), hosts);
                            }
                            for (String hook : List.of("postStart", "preStop")) {
                                bad |= namesHost(c.path("lifecycle").path(hook), hosts);
                            }
                            return bad || hosts.size() > before;
                        }));
        return found(
                !containers.isEmpty(),
                "probe or lifecycle host",
                Violation.containers(containers)
                        + (containers.size() == 1 ? " uses " : " use ")
                        + Violation.counted(
                                "probe or lifecycle host", "probe or lifecycle hosts", hosts));
    }

    private static boolean namesHost(JsonNode handler, Set<String> hosts) {
        boolean named = false;
        for (String kind : List.of("httpGet", "tcpSocket")) {
            String host = handler.path(kind).path("host").asString("");
            if (!host.isEmpty()) {
                hosts.add(host);
                named = true;
            }
        }
        return named;
    }

    static Optional<Violation> privileged(PodView pod) {
        List<String> containers = pod.named(c -> isTrue(context(c).path("privileged")));
        return found(
                !containers.isEmpty(),
                "privileged",
                Violation.containers(containers) + " must not set securityContext.privileged=true");
    }

    static Optional<Violation> procMount(PodView pod) {
        TreeSet<String> types = new TreeSet<>();
        List<String> containers =
                pod.named(c -> {
                    JsonNode mount = context(c).path("procMount");
                    boolean bad = mount.isString() && !mount.asString("").equals("Default");
                    if (bad) {
                        types.add(mount.asString(""));
                    }
                    return bad;
                });
        return found(
                !containers.isEmpty(),
                "procMount",
                Violation.containers(containers)
                        + " must not set securityContext.procMount to "
                        + Violation.quoted(types));
    }

    static Optional<Violation> seLinux(PodView pod, List<String> alsoAllowed) {
        TreeSet<String> types = new TreeSet<>();
        TreeSet<String> named = new TreeSet<>();
        boolean podIsBad = badSeLinux(pod.securityContext(), alsoAllowed, types, named);
        List<String> containers = pod.named(c -> badSeLinux(context(c), alsoAllowed, types, named));
        List<String> data = new ArrayList<>();
        if (!types.isEmpty()) {
            data.add(Violation.counted("type", "types", types));
        }
        for (String field : List.of("user", "role")) {
            if (named.contains(field)) {
                data.add(field + " may not be set");
            }
        }
        return found(
                !data.isEmpty(),
                "seLinuxOptions",
                PodView.setters(podIsBad, containers)
                        + " set forbidden securityContext.seLinuxOptions: "
                        + String.join("; ", data));
    }

    private static boolean badSeLinux(
            JsonNode context, List<String> alsoAllowed, Set<String> types, Set<String> named) {
        JsonNode options = context.path("seLinuxOptions");
        String type = options.path("type").asString("");
        boolean bad = !SELINUX_TYPES.contains(type) && !alsoAllowed.contains(type);
        if (bad) {
            types.add(type);
        }
        for (String field : List.of("user", "role")) {
            if (!options.path(field).asString("").isEmpty()) {
                named.add(field);
                bad = true;
            }
        }
        return bad;
    }

    static Optional<Violation> sysctls(PodView pod, int minor) {
        List<String> forbidden = new ArrayList<>();
        for (JsonNode sysctl : pod.securityContext().path("sysctls")) {
            String name = sysctl.path("name").asString("");
            if (SYSCTLS.stream().noneMatch(s -> s.name().equals(name) && s.since() <= minor)) {
                forbidden.add(name);
            }
        }
        return found(!forbidden.isEmpty(), "forbidden sysctls", String.join(", ", forbidden));
    }

    static Optional<Violation> hostProcess(PodView pod) {
        boolean podIsBad = isHostProcess(pod.securityContext());
        List<String> containers = pod.named(c -> isHostProcess(context(c)));
        return found(
                podIsBad || !containers.isEmpty(),
                "hostProcess",
                PodView.setters(podIsBad, containers)
                        + " must not set securityContext.windowsOptions.hostProcess=true");
    }

    private static boolean isHostProcess(JsonNode context) {
        return isTrue(context.path("windowsOptions").path("hostProcess"));
    }
}
