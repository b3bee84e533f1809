package io.hypernetes.bench.api;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** The objects of the load. A pod is about 2.6 kB as it is stored; no scheduler takes it. */
final class Manifests {

    static final String NAMESPACE = "bench";
    static final String PODS = "/api/v1/namespaces/" + NAMESPACE + "/pods";

    /** A second namespace of as many pods: a list of the first one stays of a known length. */
    static final String OTHER = "bench-more";

    static final String OTHER_PODS = "/api/v1/namespaces/" + OTHER + "/pods";
    static final String CONFIG_MAPS = "/api/v1/namespaces/" + NAMESPACE + "/configmaps";
    private static final String POD_PADDING = "x".repeat(1_200);
    private static final String CONFIG_PADDING = "x".repeat(256);

    private Manifests() {}

    static byte[] namespace(String name) {
        return bytes(
                "{\"apiVersion\":\"v1\",\"kind\":\"Namespace\",\"metadata\":{\"name\":\"%s\"}}",
                name);
    }

    static byte[] serviceAccount() {
        return bytes(
                "{\"apiVersion\":\"v1\",\"kind\":\"ServiceAccount\",\"metadata\":{\"name\":\"default\"}}");
    }

    static byte[] pod(String name) {
        return bytes(
                """
                {"apiVersion":"v1","kind":"Pod","metadata":{"name":"%s","labels":{"app":"bench"},\
                "annotations":{"bench/note":"a"}},"spec":{"nodeSelector":{"bench":"never"},\
                "schedulerName":"none","containers":[{"name":"c","image":"registry.example/pause:1",\
                "env":[{"name":"PAD","value":"%s"}],\
                "resources":{"requests":{"cpu":"10m","memory":"16Mi"}}}]}}\
                """,
                name, POD_PADDING);
    }

    static byte[] configMap(String name) {
        return bytes(
                """
                {"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"%s",\
                "labels":{"app":"bench"}},"data":{"pad":"%s"}}\
                """,
                name, CONFIG_PADDING);
    }

    static byte[] note(int number) {
        return bytes("{\"metadata\":{\"annotations\":{\"bench/note\":\"p%d\"}}}", number);
    }

    private static byte[] bytes(String format, Object... arguments) {
        return String.format(Locale.ROOT, format, arguments).getBytes(StandardCharsets.UTF_8);
    }
}
