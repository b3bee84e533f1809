package io.hypernetes.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

import java.nio.file.Files;

/** Two installations on one machine know nothing of each other. */
@OfTheTour
@Order(7)
class Tour7SideBySideIT {

    private final Cloud first = Cloud.SHARED;
    private final Cloud second = new Cloud("hn-second");

    @Test
    void aSecondInstallationRunsBesideTheFirstAndLeavesItAlone() {
        Leftovers had;
        second.up().succeeded();
        try {
            second.hypernetes("tenant", "create", "acme", "--cidr", "10.0.0.0/24").succeeded();
            Cloud.User carol = second.createUser("carol", "acme", "a password");
            carol.kubectl("create", "namespace", "web").succeeded();
            Cloud.await(
                    "carol's rights",
                    () ->
                            carol.kubectl("-n", "web", "auth", "can-i", "create", "pods").exit()
                                    == 0);
            carol.kubectl(
                            "-n",
                            "web",
                            "run",
                            "one",
                            "--image=hypernetes/hello",
                            "--image-pull-policy=IfNotPresent")
                    .succeeded();
            carol.awaitReady("web", "one");
            assertThat(Leftovers.machines(second.data())).hasSize(1);
            had = Leftovers.of(second.data());
            assertThat(had.namespaces()).isNotEmpty();
            assertThat(first.kubectl("get", "users").succeeded().output()).doesNotContain("carol");
        } finally {
            second.hypernetes("down", "--purge").succeeded();
        }
        Leftovers left = had.stillThere(second.data());
        assertThat(left.isNothing()).as("left: %s", left).isTrue();
        assertThat(Files.exists(second.data())).isFalse();
        first.kubectl("get", "nodes").succeeded();
        second.forget();
    }
}
