package io.hypernetes.identity.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.Tenant;
import io.hypernetes.api.access.Attributes;
import io.hypernetes.api.access.Authorizer;
import io.hypernetes.api.access.Authorizer.Decision;
import io.hypernetes.api.access.UserInfo;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * What the server relies on, whoever decides about rights. The implementation is set up so that
 * {@code alice} of the group {@code devs} may get the pods of namespace {@code web} in {@link
 * #world}.
 */
public abstract class AuthorizerConformance {

    protected abstract Authorizer authorizer() throws Exception;

    /** Where alice has her right. */
    protected Tenant world() {
        return new Tenant("acme");
    }

    /** Whether anybody may do anything, or nobody: then only the last of these tests say much. */
    protected enum Kind {
        BY_RULES,
        ALWAYS,
        NEVER
    }

    protected Kind kind() {
        return Kind.BY_RULES;
    }

    @Test
    void allowsWhatIsAllowed() throws Exception {
        Decision decision = authorizer().authorize(pods(world(), "alice", "get", "web"));
        assertThat(decision instanceof Decision.Allow).isEqualTo(kind() != Kind.NEVER);
    }

    @Test
    void silenceIsNoYes() throws Exception {
        assertNotAllowed(pods(world(), "alice", "delete", "web"));
        assertNotAllowed(pods(world(), "alice", "get", "other"));
        assertNotAllowed(pods(world(), "mallory", "get", "web"));
        assertNotAllowed(path(world(), "/metrics"));
    }

    @Test
    void aRightInOneWorldIsNoneInAnother() throws Exception {
        assertNotAllowed(pods(new Tenant("globex"), "alice", "get", "web"));
    }

    @Test
    void strangersMayNothing() throws Exception {
        UserInfo stranger =
                new UserInfo(UserInfo.ANONYMOUS, "", List.of(UserInfo.UNAUTHENTICATED), Map.of());
        assertThat(authorizer().authorize(pods(world(), stranger, "get", "web")))
                .isNotInstanceOf(Decision.Allow.class);
    }

    @Test
    void manyMayAskAtOnceAndHearTheSame() throws Exception {
        Authorizer authorizer = authorizer();
        Attributes wanted = pods(world(), "alice", "get", "web");
        Decision expected = authorizer.authorize(wanted);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Decision>> answers = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                answers.add(threads.submit(() -> authorizer.authorize(wanted)));
            }
            for (Future<Decision> answer : answers) {
                assertThat(answer.get()).isEqualTo(expected);
            }
        }
    }

    @Test
    void itsRulesCanBeAskedFor() throws Exception {
        UserInfo alice = user("alice");
        assertThat(authorizer().rules(alice, world(), "web").resourceRules()).isNotNull();
    }

    private void assertNotAllowed(Attributes attributes) throws Exception {
        Decision decision = authorizer().authorize(attributes);
        assertThat(decision instanceof Decision.Allow).isEqualTo(kind() == Kind.ALWAYS);
    }

    private static UserInfo user(String name) {
        List<String> groups =
                name.equals("alice")
                        ? List.of("devs", UserInfo.AUTHENTICATED)
                        : List.of(UserInfo.AUTHENTICATED);
        return new UserInfo(name, "", groups, Map.of());
    }

    /** A request for pods. */
    protected static Attributes pods(Tenant world, String user, String verb, String namespace) {
        return pods(world, user(user), verb, namespace);
    }

    private static Attributes pods(Tenant world, UserInfo user, String verb, String namespace) {
        return new Attributes(user, world, verb, "", "v1", "pods", "", namespace, "p", "");
    }

    private static Attributes path(Tenant world, String path) {
        return new Attributes(user("alice"), world, "get", "", "", "", "", "", "", path);
    }
}
