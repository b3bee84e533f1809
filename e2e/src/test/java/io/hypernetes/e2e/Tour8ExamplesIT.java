package io.hypernetes.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The examples as they stand, each applied by two tenants at once, asked by clients in the
 * machines.
 */
@Order(1)
class Tour8ExamplesIT {
    private static final Path EXAMPLES = Cloud.root().resolve("examples");

    private static final Cloud CLOUD = new Cloud("hn-examples");

    private final Cloud.User nora = CLOUD.user("nora");
    private final Cloud.User saul = CLOUD.user("saul");
    private final List<Cloud.User> both = List.of(nora, saul);

    @BeforeAll
    static void up() {
        CLOUD.up().succeeded();
    }

    @AfterAll
    static void down() {
        CLOUD.hypernetes("down", "--purge").succeeded();
        CLOUD.forget();
    }

    @Test
    @Order(1)
    void theirImagesNeedNoRegistry() {
        Path images = Cloud.root().resolve("e2e/target/images").toAbsolutePath();
        Cloud.run(
                        List.of(
                                EXAMPLES.resolve("images/build").toAbsolutePath().toString(),
                                images.toString()),
                        Map.of(),
                        "")
                .succeeded();
        for (String image : List.of("redis.tar", "memcached.tar")) {
            CLOUD.hypernetes("image", "import", images.resolve(image).toString()).succeeded();
        }
        for (String tenant : List.of("north", "south")) {
            CLOUD.hypernetes("tenant", "create", tenant, "--security", "restricted").succeeded();
        }
        CLOUD.createUser("nora", "north", "the north wind blows");
        CLOUD.createUser("saul", "south", "the south sea shines");
    }

    /** The example in a namespace of its name, by both at once. */
    private void apply(String namespace, String file) {
        for (Cloud.User user : both) {
            user.kubectl("create", "namespace", namespace).succeeded();
        }
        for (Cloud.User user : both) {
            Cloud.await(
                    "rights in the new namespace",
                    () ->
                            user.kubectl("-n", namespace, "auth", "can-i", "create", "deployments")
                                            .exit()
                                    == 0);
            user.kubectl("-n", namespace, "apply", "-f", EXAMPLES.resolve(file).toString())
                    .succeeded();
        }
    }

    private static void awaitRollout(Cloud.User user, String namespace, String what) {
        user.kubectl("-n", namespace, "rollout", "status", what, "--timeout=240s").succeeded();
    }

    private static List<String> addresses(Cloud.User user) {
        return Arrays.asList(
                user.jsonpath("guestbook", "pods", "{.items[*].status.podIP}").split(" "));
    }

    private static String ask(Cloud.User user, String query) {
        return user.inPod(
                        "guestbook",
                        "visitor",
                        "timeout 90 wget -qO- 'http://web/cgi-bin/guestbook" + query + "'")
                .succeeded()
                .output();
    }

    @Test
    @Order(2)
    void theGuestbookKeepsWhatVisitorsOfTheSameTenantWrite() {
        apply("guestbook", "guestbook/guestbook.yaml");
        for (Cloud.User user : both) {
            user.kubectl(
                            "-n",
                            "guestbook",
                            "apply",
                            "-l",
                            "app=visitor",
                            "-f",
                            EXAMPLES.resolve("hello.yaml").toString())
                    .succeeded();
        }
        for (Cloud.User user : both) {
            for (String what :
                    List.of("statefulset/database", "deployment/cache", "deployment/web")) {
                awaitRollout(user, "guestbook", what);
            }
            user.awaitReady("guestbook", "visitor");
        }
        assertThat(addresses(nora)).hasSize(5).containsAnyElementsOf(addresses(saul));

        ask(nora, "?message=Nora+was+here");
        ask(saul, "?message=Saul+was+here");
        ask(nora, "?message=%3Cb%3E%26%0D%0AFLUSHALL%0D%0A");
        assertThat(ask(nora, "")).contains("<li>Nora was here</li>").contains("&lt;b&gt;&amp;");
        assertThat(ask(nora, "")).contains("read from the cache").doesNotContain("Saul");
        assertThat(ask(saul, "")).contains("<li>Saul was here</li>").doesNotContain("Nora");
    }

    @Test
    @Order(3)
    void itsPoliciesKeepVisitorsFromWhatIsBehind() {
        for (String behind : List.of("cache 11211", "database 6379", "database-0.database 6379")) {
            String knock = "echo quit | timeout 5 nc " + behind;
            assertThat(nora.inPod("guestbook", "visitor", knock).exit()).as(behind).isNotZero();
            String web =
                    nora.jsonpath(
                                    "guestbook",
                                    "pods",
                                    "{.items[?(@.metadata.labels.part=='web')].metadata.name}")
                            .split(" ")[0];
            Cloud.await(
                    web + " to reach " + behind,
                    () -> nora.inPod("guestbook", web, knock).exit() == 0);
        }
    }

    @Test
    @Order(4)
    void itsDiskOutlivesThePodOfTheDatabase() {
        String before = nora.jsonpath("guestbook", "pod/database-0", "{.metadata.uid}");
        nora.kubectl("-n", "guestbook", "delete", "pod", "database-0").succeeded();
        awaitRollout(nora, "guestbook", "statefulset/database");
        assertThat(nora.jsonpath("guestbook", "pod/database-0", "{.metadata.uid}"))
                .isNotEqualTo(before);
        ask(nora, "?message=And+again"); // what the cache had is no longer valid
        assertThat(ask(nora, ""))
                .contains("Nora was here")
                .contains("And again")
                .contains("read from the");
        both.forEach(user ->
                user.kubectl("delete", "--wait=false", "namespace", "guestbook").succeeded());
    }

    @Test
    @Order(5)
    void thePipelineCountsItsWords() {
        apply("batch", "batch/pipeline.yaml");
        for (Cloud.User user : both) {
            user.kubectl(
                            "-n",
                            "batch",
                            "wait",
                            "job/report",
                            "--for=condition=Complete",
                            "--timeout=240s")
                    .succeeded();
            assertThat(user.kubectl("-n", "batch", "logs", "job/report").succeeded().output())
                    .contains("words in all: 27");
            assertThat(user.jsonpath("batch", "job/count", "{.status.completedIndexes}"))
                    .isEqualTo("0-2");
        }
        both.forEach(
                user -> user.kubectl("delete", "--wait=false", "namespace", "batch").succeeded());
    }

    private Outcome helm(Cloud.User user, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Cloud.root().resolve("hypernetes").toString());
        command.addAll(List.of("helm", "--namespace", "chart"));
        command.addAll(Arrays.asList(arguments));
        String home = CLOUD.file("helm").toString();
        return Cloud.run(
                command,
                Map.of(
                        "KUBECONFIG", user.kubeconfig().toString(),
                        "HELM_CACHE_HOME", home,
                        "HELM_CONFIG_HOME", home,
                        "HELM_DATA_HOME", home),
                "");
    }

    @Test
    @Order(6)
    void theChartIsInstalledTestedUpgradedAndGone() {
        String chart = EXAMPLES.resolve("chart").toString();
        for (Cloud.User user : both) {
            user.kubectl("create", "namespace", "chart").succeeded();
        }
        for (Cloud.User user : both) {
            Cloud.await(
                    "rights in the new namespace",
                    () ->
                            user.kubectl("-n", "chart", "auth", "can-i", "create", "jobs").exit()
                                    == 0);
            helm(user, "install", "hello", chart, "--wait", "--timeout=240s").succeeded();
        }
        for (Cloud.User user : both) {
            assertThat(helm(user, "test", "hello", "--timeout=120s").succeeded().output())
                    .contains("Succeeded");
        }
        helm(
                        nora,
                        "upgrade",
                        "hello",
                        chart,
                        "--set=greeting=Good evening",
                        "--wait",
                        "--timeout=240s")
                .succeeded();
        helm(nora, "test", "hello", "--timeout=120s").succeeded();
        for (Cloud.User user : both) {
            helm(user, "uninstall", "hello", "--wait", "--timeout=120s").succeeded();
            assertThat(
                            user.kubectl("-n", "chart", "get", "deployments,services", "-o", "name")
                                    .succeeded()
                                    .text())
                    .isEmpty();
        }
        CLOUD.hypernetes("tenant", "delete", "north").succeeded();
        CLOUD.hypernetes("tenant", "delete", "south").succeeded();
    }

    @Test
    @Order(7)
    void theDemoPasses() {
        Outcome demo = CLOUD.hypernetes("demo").succeeded();
        assertThat(demo.output()).contains("0 failed").doesNotContain("[FAIL]");
        assertThat(CLOUD.kubectl("get", "tenants").succeeded().output()).doesNotContain("demo-");
    }
}
