package io.hypernetes.bench;

import io.hypernetes.api.apply.FieldFilter;
import io.hypernetes.api.apply.FieldManager;
import io.hypernetes.api.apply.FieldSet;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.types.BuiltinTypes;

import tools.jackson.databind.node.ObjectNode;

import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * What ownership of fields costs a write, without server and store: a pod of 2.6 kB, one thread.
 *
 * <p>Run: {@code java -cp … io.hypernetes.bench.ApplyBench}. Figures are microseconds of processor
 * time an operation, the best of several rounds.
 */
public final class ApplyBench {
    private static final int OPERATIONS = 4_000;
    private static final int ROUNDS = 5;

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    /** What the compiler must not do without. */
    private static int sink;

    private ApplyBench() {}

    public static void main(String[] arguments) {
        run(System.out);
    }

    static void run(PrintStream out) {
        byte[] body = pod().getBytes(StandardCharsets.UTF_8);
        FieldManager pods =
                FieldManager.of(
                        BuiltinTypes.PODS.schema().struct(),
                        BuiltinTypes.PODS.groupVersionKind(),
                        FieldFilter.without(FieldSet.of("status")));
        ObjectNode created = Json.parseObject(body);
        pods.create(created, "load");
        byte[] stored = Json.write(created);
        out.printf(Locale.ROOT, "pod %d bytes, stored %d bytes%n", body.length, stored.length);
        measure(out, "decode, encode", () -> Json.write(Json.parseObject(body)).length);
        measure(
                out,
                "decode, managedFields, encode (create)",
                () -> {
                    ObjectNode pod = Json.parseObject(body);
                    pods.create(pod, "load");
                    return Json.write(pod).length;
                });
        measure(
                out,
                "decode, decode, encode of the stored",
                () ->
                        Json.parseObject(stored).size()
                                + Json.write(Json.parseObject(stored)).length);
        measure(
                out,
                "decode, change, managedFields, encode (update)",
                () -> {
                    ObjectNode live = Json.parseObject(stored);
                    ObjectNode pod = Json.parseObject(stored);
                    pod.withObject("metadata").withObject("labels").put("new", "x");
                    pods.update(live, pod, "other");
                    return Json.write(pod).length;
                });
        ObjectNode config = Json.parseObject(body);
        ObjectNode applied = pods.apply(Json.object(), config, "owner", false);
        measure(
                out,
                "apply that changes nothing",
                () -> pods.apply(applied, config, "owner", false).size());
    }

    private static void measure(PrintStream out, String what, Supplier<Integer> operation) {
        double best = Double.MAX_VALUE;
        for (int round = 0; round < ROUNDS; round++) {
            long begin = THREADS.getCurrentThreadCpuTime();
            for (int i = 0; i < OPERATIONS; i++) {
                sink += operation.get();
            }
            best = Math.min(best, (THREADS.getCurrentThreadCpuTime() - begin) / 1e3 / OPERATIONS);
        }
        out.printf(Locale.ROOT, "%-50s %7.1f us%n", what, best);
    }

    private static String pod() {
        StringBuilder env = new StringBuilder();
        for (int i = 0; i < 12; i++) {
            env.append(i > 0 ? "," : "")
                    .append(
                            "{\"name\":\"VARIABLE_%02d\",\"value\":\"value number %d\"}"
                                    .formatted(i, i));
        }
        return """
        {"apiVersion":"v1","kind":"Pod","metadata":{"name":"web-1","namespace":"default",
        "labels":{"app":"web","tier":"front","pod-template-hash":"6d4cf56db6"},
        "annotations":{"example.com/note":"%s"}},
        "spec":{"containers":[{"name":"web","image":"registry.example.com/web:1.2.3",
        "imagePullPolicy":"IfNotPresent","env":[%s],
        "ports":[{"name":"http","containerPort":8080,"protocol":"TCP"},
        {"name":"metrics","containerPort":9090,"protocol":"TCP"}],
        "resources":{"limits":{"cpu":"1","memory":"512Mi"},
        "requests":{"cpu":"100m","memory":"128Mi"}},
        "livenessProbe":{"httpGet":{"path":"/healthz","port":8080,"scheme":"HTTP"},
        "initialDelaySeconds":5,"periodSeconds":10,"timeoutSeconds":1,"failureThreshold":3,
        "successThreshold":1},
        "readinessProbe":{"httpGet":{"path":"/readyz","port":8080,"scheme":"HTTP"},
        "periodSeconds":10,"timeoutSeconds":1,"failureThreshold":3,"successThreshold":1},
        "volumeMounts":[{"name":"data","mountPath":"/data"},{"name":"config","mountPath":"/etc/web"}],
        "terminationMessagePath":"/dev/termination-log","terminationMessagePolicy":"File"}],
        "volumes":[{"name":"data","emptyDir":{}},
        {"name":"config","configMap":{"name":"web","defaultMode":420}}],
        "restartPolicy":"Always","terminationGracePeriodSeconds":30,"dnsPolicy":"ClusterFirst",
        "serviceAccountName":"default","securityContext":{},"schedulerName":"default-scheduler",
        "enableServiceLinks":true,"tolerations":[{"key":"node.kubernetes.io/not-ready",
        "operator":"Exists","effect":"NoExecute","tolerationSeconds":300}]}}
        """
                .formatted("x".repeat(420), env)
                .replace("\n", "");
    }
}
