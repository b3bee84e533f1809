package io.hypernetes.bench.code;

import io.hypernetes.api.apply.FieldFilter;
import io.hypernetes.api.apply.FieldManager;
import io.hypernetes.api.apply.FieldSet;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.types.BuiltinTypes;

import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;

/** The object of all benchmarks: a pod of a web server as a deployment makes it. */
final class Pods {

    static final FieldManager FIELDS =
            FieldManager.of(
                    BuiltinTypes.PODS.schema().struct(),
                    BuiltinTypes.PODS.groupVersionKind(),
                    FieldFilter.without(FieldSet.of("status")));

    private Pods() {}

    /** As a client sends it, about 2.4 kB. */
    static byte[] sent() {
        StringBuilder env = new StringBuilder();
        for (int i = 0; i < 12; i++) {
            env.append(i > 0 ? "," : "")
                    .append(
                            "{\"name\":\"VARIABLE_%02d\",\"value\":\"value number %d\"}"
                                    .formatted(i, i));
        }
        return MANIFEST.formatted("x".repeat(420), env)
                .replace("\n", "")
                .getBytes(StandardCharsets.UTF_8);
    }

    /** With its defaults and the table of who owns which field. */
    static ObjectNode stored() {
        ObjectNode pod = Json.parseObject(sent());
        BuiltinTypes.PODS.schema().applyDefaults(pod);
        BuiltinTypes.PODS.strategy().applyDefaults(pod);
        FIELDS.create(pod, "kubectl-create");
        return pod;
    }

    private static final String MANIFEST =
            """
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
            "volumeMounts":[{"name":"data","mountPath":"/data"},
            {"name":"config","mountPath":"/etc/web"}],
            "terminationMessagePath":"/dev/termination-log","terminationMessagePolicy":"File"}],
            "volumes":[{"name":"data","emptyDir":{}},
            {"name":"config","configMap":{"name":"web","defaultMode":420}}],
            "restartPolicy":"Always","terminationGracePeriodSeconds":30,"dnsPolicy":"ClusterFirst",
            "serviceAccountName":"default","securityContext":{},
            "schedulerName":"default-scheduler","enableServiceLinks":true,
            "tolerations":[{"key":"node.kubernetes.io/not-ready",
            "operator":"Exists","effect":"NoExecute","tolerationSeconds":300}]}}
            """;
}
