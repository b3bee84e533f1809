package io.hypernetes.installation;

/**
 * What upstream's tests ask about one container each ({@code containers}, {@code expansion}, {@code
 * downwardapi}, {@code configmap}, {@code secrets}, {@code projected_*}, {@code empty_dir}, {@code
 * kubelet_etc_hosts}, {@code security_context}, {@code sysctl} of {@code test/e2e/common}). They
 * need the config map {@code conf}, the secret {@code keys} and the service {@code fooservice} of
 * {@link NodeConformanceIT}.
 */
final class ContainerQuestions {

    private ContainerQuestions() {}

    private static final String VOLUMES =
            """
            volumes:
            - {name: conf, configMap: {name: conf}}
            - {name: conf-mode, configMap: {name: conf, defaultMode: 0400}}
            - {name: conf-items, configMap: {name: conf, items: [{key: data-2, path: path/to/data-2, mode: 0440}]}}
            - {name: keys, secret: {secretName: keys, defaultMode: 0440}}
            - {name: absent, secret: {secretName: never-made, optional: true}}
            - name: all
              projected:
                defaultMode: 0444
                sources:
                - configMap: {name: conf, items: [{key: data-1, path: conf/data-1}]}
                - secret: {name: keys, items: [{key: data-1, path: keys/data-1, mode: 0400}]}
                - downwardAPI: {items: [{path: me/name, fieldRef: {fieldPath: metadata.name}}]}
                - serviceAccountToken: {path: token, audience: tests, expirationSeconds: 600}
            - name: me
              downwardAPI:
                items:
                - {path: labels, fieldRef: {fieldPath: metadata.labels}}
                - {path: annotations, fieldRef: {fieldPath: metadata.annotations}}
                - {path: cpu, mode: 0400, resourceFieldRef: {containerName: c0, resource: limits.cpu, divisor: 1m}}
                - {path: memory, resourceFieldRef: {containerName: c0, resource: limits.memory}}
                - {path: request, resourceFieldRef: {containerName: c0, resource: requests.memory}}
            - {name: disk, emptyDir: {}}
            - {name: memory, emptyDir: {medium: Memory, sizeLimit: 16Mi}}
            """;

    private static String mount(String name) {
        return "volumeMounts: [{name: %1$s, mountPath: /%1$s}]".formatted(name);
    }

    private static String field(String path) {
        return "env: [{name: X, valueFrom: {fieldRef: {fieldPath: \"%s\"}}}]".formatted(path);
    }

    private static String resource(String resource) {
        return "env: [{name: X, valueFrom: {resourceFieldRef: {resource: %s}}}]"
                .formatted(resource);
    }

    /** As root, of one pod. */
    static AskedContainers given() {
        String kept = "stat -c \"%a %u %g\" ";
        return new AskedContainers(
                        "given",
                        """
                        hostname: foo
                        subdomain: bar
                        hostAliases: [{ip: 123.45.67.89, hostnames: [foo.remote, bar.remote]}]
                        securityContext:
                          sysctls:
                          - {name: kernel.shm_rmid_forced, value: "1"}
                          - {name: net/ipv4/ip_local_port_range, value: "32000 60000"}
                        """
                                + VOLUMES)
                .shell(
                        "downward API: limits and requests as given",
                        "cat /me/cpu; echo; cat /me/memory; echo; cat /me/request",
                        "resources: {limits: {cpu: 500m, memory: 64Mi}, requests: {cpu: 100m,"
                                + " memory: 32Mi}}\n"
                                + mount("me"),
                        "500\n67108864\n33554432")
                .container(
                        "containers: override the default arguments",
                        "args: [echo, overridden]",
                        "overridden")
                .container(
                        "containers: override the default command",
                        "command: [echo, command]",
                        "command")
                .container(
                        "containers: override command and arguments",
                        "command: [echo]\nargs: [override, arguments]",
                        "override arguments")
                .container(
                        "expansion: env composed of others, in command and arguments",
                        """
                        env:
                        - {name: FOO, value: foo-value}
                        - {name: BAR, value: bar-value}
                        - {name: BOTH, value: $(FOO);;$(BAR)}
                        command: [echo, "$(BOTH)"]
                        args: ["$(FOO)", "$$(FOO)", "$(NEVER)"]
                        """,
                        "foo-value;;bar-value foo-value \\$\\(FOO\\) \\$\\(NEVER\\)")
                .shell(
                        "expansion: in a sub-path",
                        "echo here > /expanded/file && cat /disk/given/file",
                        """
                        env: [{name: POD_NAME, valueFrom: {fieldRef: {fieldPath: metadata.name}}}]
                        volumeMounts:
                        - {name: disk, mountPath: /expanded, subPathExpr: $(POD_NAME)}
                        - {name: disk, mountPath: /disk}
                        """,
                        "here")
                .shell("downward API: name", "echo $X", field("metadata.name"), "given")
                .shell("downward API: namespace", "echo $X", field("metadata.namespace"), "default")
                .shell("downward API: uid", "echo $X", field("metadata.uid"), "[0-9a-f-]{36}")
                .shell(
                        "downward API: a label",
                        "echo $X",
                        field("metadata.labels['tier']"),
                        "two-words")
                .shell(
                        "downward API: an annotation",
                        "echo $X",
                        field("metadata.annotations['note']"),
                        "as written")
                .shell("downward API: pod address", "echo $X", field("status.podIP"), "10\\..*")
                .shell("downward API: node", "echo $X", field("spec.nodeName"), "node")
                .shell(
                        "downward API: account",
                        "echo $X",
                        field("spec.serviceAccountName"),
                        "default")
                .shell(
                        "downward API: limit of cpu from the node",
                        "echo $X",
                        resource("limits.cpu"),
                        "[1-9]\\d*")
                .shell(
                        "downward API: limit of memory from the node",
                        "echo $X",
                        resource("limits.memory"),
                        "[1-9]\\d{6,}")
                .shell(
                        "config map and secret in the environment, one by one and all with a"
                                + " prefix",
                        "echo $ONE $TWO $OPT",
                        """
                        env:
                        - {name: ONE, valueFrom: {configMapKeyRef: {name: conf, key: data-1}}}
                        - {name: TWO, valueFrom: {secretKeyRef: {name: keys, key: data-2}}}
                        - {name: OPT, valueFrom: {configMapKeyRef: {name: never-made, key: x, optional: true}}}
                        """,
                        "value-1 secret-2")
                .container(
                        "config map and secret in the environment, whole and with a prefix",
                        """
                        command: [env]
                        envFrom: [{prefix: p_, configMapRef: {name: conf}}, {secretRef: {name: keys}}]
                        """,
                        "(?=.*p_data-1=value-1\n"
                                + ")(?=.*p_data-3=value-3\n"
                                + ")(?=.*\n"
                                + "data-2=secret-2\n"
                                + ").*")
                .shell(
                        "services in the environment",
                        "env | grep ^FOOSERVICE | sort",
                        "",
                        "FOOSERVICE_PORT=tcp://10\\.[\\d.]+:8765\n"
                                + "FOOSERVICE_PORT_8765_TCP=tcp://10\\.[\\d.]+:8765\n"
                                + "FOOSERVICE_PORT_8765_TCP_ADDR=10\\.[\\d.]+\n"
                                + "FOOSERVICE_PORT_8765_TCP_PORT=8765\n"
                                + "FOOSERVICE_PORT_8765_TCP_PROTO=tcp\n"
                                + "FOOSERVICE_SERVICE_HOST=10\\.[\\d.]+\n"
                                + "FOOSERVICE_SERVICE_PORT=8765")
                .shell(
                        "config map: volume, binary data",
                        "cat /conf/data-1; echo; od -An -tx1 /conf/dump; "
                                + kept
                                + "-L /conf/data-1",
                        mount("conf"),
                        "value-1\n de ad be ef\n644 0 0")
                .shell(
                        "config map: default mode",
                        kept + "-L /conf-mode/data-1",
                        mount("conf-mode"),
                        "400 0 0")
                .shell(
                        "config map: keys mapped to paths with a mode of their own",
                        "cat /conf-items/path/to/data-2; echo; ls /conf-items; "
                                + kept
                                + "-L /conf-items/path/to/data-2",
                        mount("conf-items"),
                        "value-2\npath\n440 0 0")
                .shell(
                        "secret: volume with a mode",
                        "cat /keys/data-2; echo; " + kept + "-L /keys/data-2",
                        mount("keys"),
                        "secret-2\n440 0 0")
                .shell("secret: optional and not there", "ls /absent", mount("absent"), "")
                .shell(
                        "projected: several sources in one volume",
                        "cat /all/conf/data-1 /all/keys/data-1 /all/me/name; echo;"
                                + " cut -d. -f1 /all/token | cut -c1-2; "
                                + kept
                                + "-L /all/conf/data-1; "
                                + kept
                                + "-L /all/keys/data-1",
                        mount("all"),
                        "value-1secret-1given\ney\n444 0 0\n400 0 0")
                .shell(
                        "a volume of the server's words cannot be written",
                        "touch /conf/x; true",
                        mount("conf"),
                        ".*Read-only.*")
                .shell(
                        "downward API: labels, annotations and a mode in a volume",
                        "cat /me/labels; echo; cat /me/annotations; echo; " + kept + "-L /me/cpu",
                        mount("me"),
                        "app=\"asked\"\ntier=\"two-words\"\n.*note=\"as written\".*400 0 0")
                .shell(
                        "empty dir: mode, on the default medium",
                        kept
                                + "/disk; echo x > /disk/f && chmod 666 /disk/f && "
                                + kept
                                + "/disk/f",
                        mount("disk"),
                        "777 0 0\n666 0 0")
                .shell(
                        "empty dir: in memory, and no more than its limit",
                        kept
                                + "/memory; grep \" /memory tmpfs\" /proc/mounts | wc -l; dd"
                                + " if=/dev/zero of=/memory/f bs=1M count=20 2>&1 | grep -c \"No"
                                + " space\"",
                        mount("memory"),
                        "1?777 0 0\n1\n1")
                .shell(
                        "hosts: kubelet-managed, with aliases",
                        "grep -c \"Kubernetes-managed\" /etc/hosts; grep remote /etc/hosts; grep"
                                + " foo.bar /etc/hosts; hostname; hostname -f",
                        "",
                        "1\n"
                                + "123.45.67.89\\s+foo.remote\\s+bar.remote\n"
                                + "10\\.[\\d.]+\\s+foo.bar.default.svc.cluster.local\\s+foo\n"
                                + "foo\n"
                                + "foo.bar.default.svc.cluster.local")
                .shell(
                        "sysctls of the pod",
                        "cat /proc/sys/kernel/shm_rmid_forced"
                                + " /proc/sys/net/ipv4/ip_local_port_range",
                        "",
                        "1\n32000\\s60000")
                .shell(
                        "read-only root",
                        "touch /x; true",
                        "securityContext: {readOnlyRootFilesystem: true}",
                        ".*Read-only.*")
                .shell("writable root", "touch /x && echo written", "", "written")
                .shell(
                        "runs as the user asked for",
                        "id -u",
                        "securityContext: {runAsUser: 65534}",
                        "65534")
                .shell(
                        "unprivileged: no new interfaces",
                        "ip link add dummy1 type dummy; true",
                        "securityContext: {privileged: false}",
                        ".*not permitted.*")
                .shell(
                        "no privilege escalation: the flag of the process",
                        "grep NoNewPrivs /proc/self/status | tr -d \"\\t\"",
                        "securityContext: {allowPrivilegeEscalation: false, runAsUser: 1000}",
                        "NoNewPrivs:1");
    }

    /** As a user of its own with a group for the volumes. */
    static AskedContainers nonRoot() {
        String kept = "stat -c \"%a %u %g\" ";
        return new AskedContainers(
                        "non-root",
                        "setHostnameAsFQDN: true\n"
                            + "subdomain: bar\n"
                            + "shareProcessNamespace: true\n"
                            + "securityContext: {runAsUser: 1000, runAsGroup: 2000, fsGroup: 1001,"
                            + " supplementalGroups: [3000]}\n"
                                + VOLUMES.replace("containerName: c0", "containerName: c1"))
                .shell(
                        "groups",
                        "id -u; id -g; id -G",
                        "",
                        "1000\n2000\n2000 (1001 3000|3000 1001)")
                .shell(
                        "config map: as non-root with a group",
                        "cat /conf/data-1; echo; cat /conf-items/path/to/data-2; echo; "
                                + kept
                                + "-L /conf-items/path/to/data-2",
                        "resources: {limits: {cpu: 100m, memory: 32Mi}}\n"
                            + "volumeMounts: [{name: conf, mountPath: /conf}, {name: conf-items,"
                            + " mountPath: /conf-items}]",
                        "value-1\nvalue-2\n440 0 1001")
                .shell(
                        "secret: as non-root with a mode and a group",
                        "cat /keys/data-1; echo; " + kept + "-L /keys/data-1",
                        mount("keys"),
                        "secret-1\n440 0 1001")
                .shell(
                        "empty dir: written by non-root, of the group",
                        "echo x > /disk/f && " + kept + "/disk/f",
                        mount("disk"),
                        "644 1000 1001")
                .shell(
                        "empty dir in memory: written by non-root",
                        "echo x > /memory/f && cat /memory/f",
                        mount("memory"),
                        "x")
                .shell(
                        "termination message of non-root at a path of its own",
                        "echo -n done > /dev/termination-custom-log",
                        "terminationMessagePath: /dev/termination-custom-log",
                        "")
                .shell(
                        "the whole name as the host name",
                        "hostname",
                        "",
                        "non-root.bar.default.svc.cluster.local")
                .shell(
                        "shared processes: another container may end this one",
                        "trap \"echo asked to end; exit 0\" TERM; while :; do sleep 0.1; done",
                        "",
                        "asked to end")
                .shell(
                        "shared processes: the first is nobody's, the others are seen",
                        "cat /proc/1/comm; until kill $(ps | grep \"[a]sked to end\" | awk \"{print"
                                + " \\$1}\") 2>&-; do sleep 0.2; done",
                        "",
                        "pause");
    }
}
