package io.hypernetes.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.json.Json;

import tools.jackson.databind.JsonNode;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/** The real helm with a chart that has hooks, a definition, a dependency and a test. */
final class HelmIT {
    private static final Path CHART =
            Path.of(System.getProperty("hypernetes.root", ".."), "conformance/src/test/helm/shop")
                    .toAbsolutePath();

    private static Program helm(Space space, String kubeconfig) {
        Program helm = Program.of(Binaries.helm(), space, kubeconfig);
        String folder = helm.folder().toString();
        return helm.with(
                Map.of(
                        "HELM_CACHE_HOME", folder + "/cache",
                        "HELM_CONFIG_HOME", folder + "/config",
                        "HELM_DATA_HOME", folder + "/data"));
    }

    private static JsonNode json(String text) {
        return Json.parse(text.getBytes(StandardCharsets.UTF_8));
    }

    private static void bind(Space space, String resource, String kind, String user, String role) {
        (resource.startsWith("cluster")
                        ? space.cluster("rbac.authorization.k8s.io/v1", resource)
                        : space.objects("rbac.authorization.k8s.io/v1", resource))
                .create(
                        """
                        apiVersion: rbac.authorization.k8s.io/v1
                        kind: %s
                        metadata: {name: %s}
                        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: %s}
                        subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: %s}]
                        """
                                .formatted(kind, Space.unique("helm"), role, user));
    }

    private static String data(Space space, String map, String key) {
        return space.configMaps().get(map).path("data").path(key).asString("");
    }

    @InWorlds
    void aTenantsAdminInstallsUpgradesAndRollsBack(Space space) {
        String admin = Space.unique("admin");
        bind(space, "clusterrolebindings", "ClusterRoleBinding", admin, "cluster-admin");
        Program helm = helm(space, space.world().kubeconfig(admin));
        String chart = CHART.toString();
        if (!space.isSystem()) {
            // The definition of another test's run is there in the system's world.
            assertThat(helm.ok("install", "shop", chart, "--dry-run=client"))
                    .contains("kind: Deployment");
        }
        assertThat(helm.ok("install", "shop", chart, "--wait", "--timeout=120s"))
                .contains("STATUS: deployed", "Thank you for shop, revision 1.");
        assertThat(
                        space.objects("apps/v1", "deployments")
                                .get("shop-web")
                                .path("status")
                                .path("readyReplicas")
                                .asInt())
                .isEqualTo(2);
        assertThat(space.objects("shop.example.com/v1", "coupons").names())
                .containsExactly("shop-coupon");
        assertThat(space.objects("v1", "secrets").exists("shop-cache")).isTrue();
        assertThat(data(space, "shop-before", "revision")).isEqualTo("1");
        assertThat(data(space, "shop-config", "kubernetes")).startsWith("v1.36");
        assertThat(data(space, "shop-config", "ingresses")).isEqualTo("true");
        assertThat(space.pods().exists("shop-migrate")).isFalse();

        JsonNode listed = json(helm.ok("list", "-o", "json")).path(0);
        assertThat(listed.path("name").asString()).isEqualTo("shop");
        assertThat(listed.path("chart").asString()).isEqualTo("shop-1.2.3");
        assertThat(listed.path("status").asString()).isEqualTo("deployed");
        assertThat(helm.ok("get", "manifest", "shop")).contains("kind: Coupon", "name: shop-cache");
        assertThat(helm.ok("get", "hooks", "shop")).contains("shop-migrate");
        assertThat(helm.ok("test", "shop")).contains("Succeeded");

        assertThat(helm.ok("upgrade", "shop", chart, "--dry-run=server", "--set=greeting=hi"))
                .contains("greeting: \"hi\"", "before: \"hello\"");
        assertThat(data(space, "shop-config", "greeting")).isEqualTo("hello");
        helm.ok(
                "upgrade",
                "shop",
                chart,
                "--set=greeting=hi,replicas=3,cache.enabled=false",
                "--wait");
        assertThat(data(space, "shop-config", "greeting")).isEqualTo("hi");
        assertThat(data(space, "shop-config", "before")).isEqualTo("hello");
        assertThat(data(space, "shop-before", "revision")).isEqualTo("2");
        assertThat(space.objects("v1", "secrets").exists("shop-cache")).isFalse();
        space.objects("apps/v1", "deployments")
                .await("shop-web", d -> d.path("status").path("readyReplicas").asInt(0) == 3);

        assertThat(helm.ok("rollback", "shop", "1")).contains("Rollback was a success");
        assertThat(data(space, "shop-config", "greeting")).isEqualTo("hello");
        assertThat(space.objects("v1", "secrets").exists("shop-cache")).isTrue();
        assertThat(json(helm.ok("history", "shop", "-o", "json"))).hasSize(3);
        assertThat(helm.ok("status", "shop")).contains("REVISION: 3", "STATUS: deployed");

        assertThat(helm.ok("uninstall", "shop", "--wait")).contains("release \"shop\" uninstalled");
        assertThat(space.objects("apps/v1", "deployments").list()).isEmpty();
        assertThat(space.objects("shop.example.com/v1", "coupons").list()).isEmpty();
        assertThat(json(helm.ok("list", "-o", "json"))).isEmpty();
    }

    @InWorlds
    void aMemberInstallsIntoTheirNamespaceAlone(Space space) {
        String member = Space.unique("member");
        bind(space, "rolebindings", "RoleBinding", member, "admin");
        Program helm = helm(space, space.world().kubeconfig(member));
        String[] install = {
            "upgrade", "--install", "mine", CHART.toString(), "--skip-crds", "--set=custom=false"
        };
        assertThat(helm.ok(install)).contains("STATUS: deployed", "revision 1");
        assertThat(helm.ok(install)).contains("REVISION: 2");
        assertThat(helm.ok("list", "-q")).isEqualTo("mine\n");
        assertThat(helm.fails("list", "--all-namespaces"))
                .contains("cannot list resource \"secrets\"");
        assertThat(
                        helm.fails(
                                "install",
                                "other",
                                CHART.toString(),
                                "--create-namespace",
                                "--skip-crds",
                                "--set=custom=false",
                                "--namespace=elsewhere"))
                .contains("forbidden");
        assertThat(helm.ok("uninstall", "mine")).contains("uninstalled");
    }
}
