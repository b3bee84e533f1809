package io.hypernetes.isolation;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.types.BuiltinTypes;

import org.awaitility.Awaitility;

import java.time.Duration;
import java.util.List;

/** The server connects where a tenant says: it must be within the tenant's own network. */
class OutboundIT {
    private static final String HOOKS =
            "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations";
    private static final String MAPS = "/api/v1/namespaces/default/configmaps";
    private static final String PODS = "/api/v1/namespaces/default/pods";
    private static final String SERVICES = "/api/v1/namespaces/default/services";

    /** Ways to write this host, its network and a cloud's metadata. */
    private static List<String> hosts(int port) {
        return List.of(
                "127.0.0.1:" + port,
                "127.1:" + port,
                "2130706433:" + port,
                "0x7f000001:" + port,
                "0177.0.0.1:" + port,
                "0.0.0.0:" + port,
                "localhost:" + port,
                "localhost.:" + port,
                "[::1]:" + port,
                "[::]:" + port,
                "[::ffff:127.0.0.1]:" + port,
                "[::127.0.0.1]:" + port,
                "[64:ff9b::127.0.0.1]:" + port,
                "[2002:7f00:1::]:" + port);
    }

    private static String hook(String url) {
        return Installation.json(
                """
                apiVersion: admissionregistration.k8s.io/v1
                kind: ValidatingWebhookConfiguration
                metadata: {name: outward}
                webhooks:
                - name: outward.example.com
                  admissionReviewVersions: [v1]
                  sideEffects: None
                  timeoutSeconds: 5
                  clientConfig: {%s}
                  rules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [configmaps]}]
                """
                        .formatted(url));
    }

    /** The hook is called for a config map, which is refused because it cannot be. */
    private static String called(Installation it, String config) {
        Answer made = it.send(it.boss, "POST", HOOKS, hook(config));
        if (made.status() == 422) {
            return made.body();
        }
        assertThat(made.status()).as(made.body()).isEqualTo(201);
        try {
            Answer refused =
                    it.send(
                            it.boss,
                            "POST",
                            MAPS,
                            "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"probe\"}}");
            assertThat(refused.status()).as(config).isEqualTo(500);
            assertThat(refused.body()).contains("failed calling webhook");
            return refused.body();
        } finally {
            it.send(it.boss, "DELETE", HOOKS + "/outward", "");
        }
    }

    @Attempt(
            id = "OUTBOUND-1",
            tries = "a webhook's `url` with the host's loopback, in fourteen spellings",
            result =
                    "500, or 422 where no host is read: the server connects to no URL for a tenant")
    void webhooksToTheHost(Installation it) {
        for (String host : hosts(it.trap().port())) {
            assertThat(called(it, "url: \"https://" + host + "/\""))
                    .containsAnyOf("of this world", "host must be specified");
        }
    }

    @Attempt(
            id = "OUTBOUND-2",
            tries =
                    "a webhook's `url` with a cloud's metadata, private and public addresses, names"
                            + " that only the host's resolver knows",
            result = "500, the same words for all: nothing is resolved, nothing is dialled")
    void webhooksOutside(Installation it) {
        for (String host :
                List.of(
                        "169.254.169.254",
                        "[fd00:ec2::254]",
                        "10.0.0.1",
                        "192.168.1.1:6443",
                        "192.0.2.1",
                        "kubernetes.default.svc",
                        "hopefully-nobody.example")) {
            assertThat(called(it, "url: \"https://" + host + "/latest/meta-data\""))
                    .contains("of this world");
        }
    }

    @Attempt(
            id = "OUTBOUND-3",
            tries = "a webhook's `url` that is no https, has a user, a fragment, a query",
            result = "422")
    void oddUrls(Installation it) {
        for (String url :
                List.of(
                        "http://127.0.0.1/",
                        "file:///etc/passwd",
                        "https://user:pw@127.0.0.1/",
                        "https://127.0.0.1/#x",
                        "https://127.0.0.1/?a=b",
                        "gopher://127.0.0.1/",
                        "https:///x")) {
            assertThat(it.send(it.boss, "POST", HOOKS, hook("url: \"" + url + "\"")).status())
                    .as(url)
                    .isEqualTo(422);
        }
    }

    @Attempt(
            id = "OUTBOUND-4",
            tries =
                    "a webhook's service with the name and namespace of one of globex' or the"
                            + " operator's, or a path out of itself",
            result = "looked for in acme: not found, or acme's own")
    void webhookServices(Installation it) {
        for (String service :
                List.of(
                        "{namespace: vault, name: web}",
                        "{namespace: default, name: web, port: 80}",
                        "{namespace: kube-system, name: kube-dns}",
                        "{namespace: default, name: kubernetes}")) {
            assertThat(called(it, "service: " + service)).doesNotContain("globex");
        }
        assertThat(
                        it.send(
                                        it.boss,
                                        "POST",
                                        HOOKS,
                                        hook("service: {namespace: ../globex, name: web}"))
                                .status())
                .isIn(201, 422);
        it.send(it.boss, "DELETE", HOOKS + "/outward", "");
    }

    @Attempt(
            id = "OUTBOUND-5",
            tries =
                    "a service that stands for the host: ExternalName `localhost`, Endpoints and"
                        + " EndpointSlices with its addresses, through the service's proxy and a"
                        + " webhook",
            result =
                    "refused, or 503: only ready pods of the own world are dialled, inside their"
                            + " guests")
    void servicesThatStandForTheHost(Installation it) {
        int port = it.trap().port();
        it.send(
                it.boss,
                "POST",
                SERVICES,
                "{\"apiVersion\":\"v1\",\"kind\":\"Service\",\"metadata\":{\"name\":\"outside\"},\"spec\":{\"type\":\"ExternalName\",\"externalName\":\"localhost\"}}");
        it.send(
                it.boss,
                "POST",
                SERVICES,
                "{\"apiVersion\":\"v1\",\"kind\":\"Service\",\"metadata\":{\"name\":\"inside\"},\"spec\":{\"ports\":[{\"port\":"
                        + port
                        + "}]}}");
        for (String address : List.of("127.0.0.1", "169.254.169.254", "10.0.0.1", "192.0.2.7")) {
            it.send(
                    it.boss,
                    "POST",
                    "/api/v1/namespaces/default/endpoints",
                    Installation.json(
                            "{apiVersion: v1, kind: Endpoints, metadata: {name: inside}, subsets: [{addresses: [{ip: %s}], ports: [{port: %d}]}]}"
                                    .formatted(address, port)));
            it.send(
                    it.boss,
                    "POST",
                    "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices",
                    Installation.json(
                            "{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, addressType: IPv4, metadata: {generateName: inside-, labels: {kubernetes.io/service-name: inside}}, endpoints: [{addresses: [\"%s\"], conditions: {ready: true}}], ports: [{name: \"\", port: %d}]}"
                                    .formatted(address, port)));
        }
        for (String name : List.of("outside:" + port, "inside", "https:inside:", "kubernetes")) {
            assertThat(it.get(it.boss, SERVICES + "/" + name + "/proxy/").status())
                    .as(name)
                    .isIn(400, 404, 502, 503);
        }
        for (String name : List.of("outside", "inside")) {
            called(it, "service: {namespace: default, name: %s, port: %d}".formatted(name, port));
        }
        it.send(it.boss, "DELETE", SERVICES + "/inside", "");
        it.send(it.boss, "DELETE", SERVICES + "/outside", "");
        it.send(it.boss, "DELETE", "/api/v1/namespaces/default/endpoints/inside", "");
    }

    @Attempt(
            id = "OUTBOUND-6",
            tries =
                    "a pod whose status says that its address is the host's, through its proxy;"
                            + " ports that are none",
            result = "the guest of the own pod is asked, whatever its status says")
    void forgedPodAddresses(Installation it) {
        int port = it.trap().port();
        it.patch(
                it.boss,
                PODS + "/web/status",
                "merge-patch+json",
                "{\"status\":{\"phase\":\"Running\",\"podIP\":\"127.0.0.1\",\"hostIP\":\"127.0.0.1\",\"podIPs\":[{\"ip\":\"127.0.0.1\"}]}}");
        assertThat(it.get(it.boss, PODS + "/web:" + port + "/proxy/").status()).isIn(502, 503);
        assertThat(it.pods().reached())
                .contains(new ObjectKey(Installation.ACME, "default", "web"));
        for (String name :
                List.of("web:0", "web:-1", "web:65536", "web:x", "https:web:99999999999")) {
            assertThat(it.get(it.boss, PODS + "/" + name + "/proxy/").status())
                    .as(name)
                    .isIn(400, 404, 502, 503);
        }
    }

    @Attempt(
            id = "OUTBOUND-7",
            tries =
                    "logs, exec, attach, port-forward, ephemeral containers and proxies of pods"
                            + " that have the names of globex'",
            result = "acme's own pod, or 404")
    void podsOfTheSameName(Installation it) {
        assertThat(it.get(it.boss, PODS + "/web/log").body()).contains("log of acme");
        for (String sub : List.of("exec?command=id&stdout=1", "attach?stdout=1", "portforward")) {
            assertThat(it.raw(it.boss, "POST", PODS + "/web/" + sub, List.of(), "").status())
                    .as(sub)
                    .isIn(400, 403, 503);
            assertThat(
                            it.raw(
                                            it.boss,
                                            "POST",
                                            "/tenants/globex" + PODS + "/web/" + sub,
                                            List.of("Upgrade: SPDY/3.1", "Connection: Upgrade"),
                                            "")
                                    .status())
                    .as(sub)
                    .isEqualTo(403);
            assertThat(
                            it.raw(
                                            it.boss,
                                            "POST",
                                            "/api/v1/namespaces/vault/pods/web/" + sub,
                                            List.of(),
                                            "")
                                    .status())
                    .as(sub)
                    .isIn(400, 404);
        }
        assertThat(it.get(it.boss, PODS + "/web/log?container=../../globex").status())
                .isIn(200, 400);
    }

    @Attempt(
            id = "OUTBOUND-8",
            tries =
                    "an APIService for a built-in group, for another world's service, by"
                            + " ExternalName for the host",
            result =
                    "built-in groups stay the server's; 404 or 503 for the rest; other worlds do"
                            + " not see it")
    void aggregatedApis(Installation it) {
        String path = "/apis/apiregistration.k8s.io/v1/apiservices";
        it.send(
                it.boss,
                "POST",
                SERVICES,
                "{\"apiVersion\":\"v1\",\"kind\":\"Service\",\"metadata\":{\"name\":\"ext\"},\"spec\":{\"type\":\"ExternalName\",\"externalName\":\"127.0.0.1\"}}");
        for (String group :
                List.of("apps", "rbac.authorization.k8s.io", "hypernetes.io", "sky.example.com")) {
            it.send(
                    it.boss,
                    "POST",
                    path,
                    Installation.json(
                            """
                            apiVersion: apiregistration.k8s.io/v1
                            kind: APIService
                            metadata: {name: v1.%s}
                            spec: {group: %s, version: v1, groupPriorityMinimum: 100, versionPriority: 10,
                                   insecureSkipTLSVerify: true, service: {namespace: default, name: ext, port: %d}}
                            """
                                    .formatted(group, group, it.trap().port())));
        }
        assertThat(it.get(it.boss, "/apis/sky.example.com/v1/stars").status()).isEqualTo(503);
        assertThat(it.get(it.boss, "/apis/apps/v1/deployments").status()).isEqualTo(200);
        assertThat(it.get(it.victim, "/apis/sky.example.com/v1/stars").status()).isEqualTo(404);
        for (String group :
                List.of("apps", "rbac.authorization.k8s.io", "hypernetes.io", "sky.example.com")) {
            it.send(it.boss, "DELETE", path + "/v1." + group, "");
        }
        it.send(it.boss, "DELETE", SERVICES + "/ext", "");
    }

    @Attempt(
            id = "OUTBOUND-9",
            tries =
                    "a CustomResourceDefinition whose conversion webhook is the host, the metadata"
                            + " service, another world's service",
            result = "the read fails with the webhook's name: nothing is dialled")
    void conversionWebhooks(Installation it) {
        String definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
        for (String config :
                List.of(
                        "url: \"https://127.0.0.1:" + it.trap().port() + "/\"",
                        "url: \"https://169.254.169.254/\"",
                        "service: {namespace: vault, name: web}")) {
            Answer made =
                    it.send(
                            it.boss,
                            "POST",
                            definitions,
                            Installation.json(
                                    """
                                    apiVersion: apiextensions.k8s.io/v1
                                    kind: CustomResourceDefinition
                                    metadata: {name: turns.convert.example.com}
                                    spec:
                                      group: convert.example.com
                                      scope: Cluster
                                      names: {plural: turns, singular: turn, kind: Turn}
                                      conversion: {strategy: Webhook, webhook: {conversionReviewVersions: [v1], clientConfig: {%s}}}
                                      versions:
                                      - {name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}
                                      - {name: v2, served: true, storage: false, schema: {openAPIV3Schema: {type: object}}}
                                    """
                                            .formatted(config)));
            assertThat(made.status()).as(made.body()).isEqualTo(201);
            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .until(() ->
                            it.send(
                                                    it.boss,
                                                    "POST",
                                                    "/apis/convert.example.com/v1/turns",
                                                    "{\"apiVersion\":\"convert.example.com/v1\",\"kind\":\"Turn\",\"metadata\":{\"name\":\"a\"}}")
                                            .status()
                                    == 201);
            Answer converted = it.get(it.boss, "/apis/convert.example.com/v2/turns/a");
            assertThat(converted.status()).isEqualTo(500);
            assertThat(converted.body()).contains("conversion webhook");
            it.send(it.boss, "DELETE", definitions + "/turns.convert.example.com", "");
            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .until(() ->
                            it.client()
                                    .find(
                                            io.hypernetes.api.types.ExtensionTypes
                                                    .CUSTOM_RESOURCE_DEFINITIONS,
                                            new ObjectKey(
                                                    Installation.ACME,
                                                    "",
                                                    "turns.convert.example.com"))
                                    .isEmpty());
        }
        assertThat(
                        it.client()
                                .find(
                                        BuiltinTypes.PODS,
                                        new ObjectKey(Installation.ACME, "default", "web")))
                .isPresent();
    }
}
