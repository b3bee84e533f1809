package io.hypernetes.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** Services as a pod's program meets them. */
@Order(3)
class Tour3ServicesIT {

    private final Cloud cloud = Cloud.SHARED;
    private final Cloud.User alice = cloud.user("alice");
    private final Cloud.User bob = cloud.user("bob");

    private static String fetch(String url) {
        return "timeout 20 wget -qO- " + url;
    }

    @Test
    @Order(1)
    void aServiceIsReachedByItsAddress() {
        for (Cloud.User user : new Cloud.User[] {alice, bob}) {
            String address = user.jsonpath("web", "service/hello", "{.spec.clusterIP}");
            assertThat(
                            user.inPod("web", "visitor", fetch("http://" + address))
                                    .succeeded()
                                    .output())
                    .contains("Hello from your own virtual machine");
        }
    }
}
