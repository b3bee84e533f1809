package io.hypernetes.isolation;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.types.BuiltinTypes;

import org.awaitility.Awaitility;

import java.time.Duration;

/** The operator's controllers work for all tenants, and each of their writes asks webhooks. */
class SlowWebhookIT {
    private static final String SPACES = "/api/v1/namespaces";
    private static final int NAMESPACES = 40;

    @Attempt(
            id = "WEBHOOK-1",
            tries =
                    "to keep the operator's controllers waiting: a webhook of one's own that never"
                            + " answers, for whatever they write, and much for them to write",
            result =
                    "others' namespaces get their accounts: a slow webhook has a part of the"
                            + " controllers' time, and is dialled inside the own guest alone")
    void controllersThatWait(Installation it) {
        String hooks = "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations";
        String pods = "/api/v1/namespaces/default/pods";
        post(
                it,
                pods,
                "{apiVersion: v1, kind: Pod, metadata: {name: tarpit}, spec: {containers: [{name:"
                        + " c, image: \"hypernetes/hello:1\"}]}}");
        post(
                it,
                "/api/v1/namespaces/default/services",
                "{apiVersion: v1, kind: Service, metadata: {name: tarpit}, spec: {ports: [{port:"
                        + " 443}]}}");
        post(
                it,
                "/api/v1/namespaces/default/endpoints",
                "{apiVersion: v1, kind: Endpoints, metadata: {name: tarpit}, subsets: [{addresses:"
                    + " [{ip: 10.0.0.9, targetRef: {kind: Pod, name: tarpit, namespace: default}}],"
                    + " ports: [{port: 443}]}]}");
        post(
                it,
                hooks,
                """
                {apiVersion: admissionregistration.k8s.io/v1, kind: ValidatingWebhookConfiguration, metadata: {name: slow},
                 webhooks: [{name: slow.example.com, admissionReviewVersions: [v1], sideEffects: None, timeoutSeconds: 10,
                  clientConfig: {service: {namespace: default, name: tarpit}},
                  rules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [serviceaccounts, configmaps]}]}]}
                """);
        try {
            for (int i = 0; i < NAMESPACES; i++) {
                post(it, SPACES, namespace("loud-" + i));
            }
            ObjectKey tarpit = new ObjectKey(Installation.ACME, "default", "tarpit");
            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> it.pods().reached().contains(tarpit));
            Answer quiet =
                    it.send(it.freshBoss, "POST", SPACES, Installation.json(namespace("quiet")));
            assertThat(quiet.status()).isEqualTo(201);
            // Without a bound it would take minutes until all those before it were waited for.
            ObjectKey account = new ObjectKey(Installation.FRESH, "quiet", "default");
            Awaitility.await()
                    .atMost(Duration.ofSeconds(90))
                    .until(() ->
                            it.client().find(BuiltinTypes.SERVICE_ACCOUNTS, account).isPresent());
        } finally {
            it.send(it.boss, "DELETE", hooks + "/slow", "");
            for (int i = 0; i < NAMESPACES; i++) {
                it.send(it.boss, "DELETE", SPACES + "/loud-" + i, "");
            }
            it.send(it.boss, "DELETE", "/api/v1/namespaces/default/services/tarpit", "");
            it.send(it.boss, "DELETE", pods + "/tarpit?gracePeriodSeconds=0", "");
            it.send(it.freshBoss, "DELETE", SPACES + "/quiet", "");
        }
    }

    private static void post(Installation it, String target, String yaml) {
        assertThat(it.send(it.boss, "POST", target, Installation.json(yaml)).status())
                .as(yaml)
                .isEqualTo(201);
    }

    private static String namespace(String name) {
        return "{apiVersion: v1, kind: Namespace, metadata: {name: %s}}".formatted(name);
    }
}
