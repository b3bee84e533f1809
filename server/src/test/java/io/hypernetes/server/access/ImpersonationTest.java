package io.hypernetes.server.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.Status.Reason;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.access.Attributes;
import io.hypernetes.api.access.Authorizer;
import io.hypernetes.api.access.Identity;
import io.hypernetes.api.access.UserInfo;
import io.hypernetes.server.http.Exchange;

import org.junit.jupiter.api.Test;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

class ImpersonationTest {

    private static final Tenant ACME = new Tenant("acme");

    private final List<Attributes> asked = new ArrayList<>();
    private final Set<String> denied = new HashSet<>();
    private final Impersonation impersonation =
            new Impersonation(
                    new Access(
                            List.of(attributes -> {
                                asked.add(attributes);
                                return denied.contains(attributes.resource())
                                        ? new Authorizer.Decision.NoOpinion("")
                                        : new Authorizer.Decision.Allow("");
                            })));

    @Test
    void eachPartNeedsItsRightInTheOwnWorld() {
        Session session =
                apply(
                        alice(false),
                        Map.of(
                                "Impersonate-User", List.of("bob"),
                                "Impersonate-Group", List.of("devs", "ops"),
                                "Impersonate-Uid", List.of("42"),
                                "Impersonate-Extra-Scopes%2fx", List.of("view")));
        assertThat(session.user())
                .isEqualTo(
                        new UserInfo(
                                "bob",
                                "42",
                                List.of("devs", "ops", UserInfo.AUTHENTICATED),
                                Map.of("scopes/x", List.of("view"))));
        assertThat(session.world()).contains(ACME);
        assertThat(session.identity().tenants()).containsExactly(ACME);
        assertThat(session.impersonator().map(UserInfo::name)).contains("alice");
        assertThat(asked)
                .extracting(a ->
                        a.tenant()
                                + " "
                                + a.verb()
                                + " "
                                + a.group()
                                + "/"
                                + a.resource()
                                + "/"
                                + a.subresource()
                                + " "
                                + a.name())
                .containsExactly(
                        "acme impersonate /users/ bob",
                        "acme impersonate /groups/ devs",
                        "acme impersonate /groups/ ops",
                        "acme impersonate authentication.k8s.io/uids/ 42",
                        "acme impersonate authentication.k8s.io/userextras/scopes/x view");
    }

    @Test
    void aServiceAccountHasItsGroups() {
        Session session =
                apply(
                        alice(false),
                        Map.of("Impersonate-User", List.of("system:serviceaccount:web:robot")));
        assertThat(session.user().groups())
                .containsExactly(
                        "system:serviceaccounts",
                        "system:serviceaccounts:web",
                        UserInfo.AUTHENTICATED);
        assertThat(asked).extracting(Attributes::resource).containsExactly("serviceaccounts");
        assertThat(asked).extracting(Attributes::namespace).containsExactly("web");
    }

    @Test
    void whoMayNotIsRefusedInUpstreamsWords() {
        denied.add("groups");
        assertForbidden(
                alice(false),
                Map.of("Impersonate-User", List.of("bob"), "Impersonate-Group", List.of("devs")),
                "groups \"devs\" is forbidden: User \"alice\" cannot impersonate resource"
                        + " \"groups\" in API group \"\" at the cluster scope");
    }

    @Test
    void nobodyBecomesAnOperatorInATenant() {
        Map<String, List<String>> masters =
                Map.of(
                        "Impersonate-User", List.of("bob"),
                        "Impersonate-Group", List.of(UserInfo.MASTERS));
        assertForbidden(alice(false), masters, "only an operator may");
        assertForbidden(
                alice(false),
                Map.of("Impersonate-User", List.of("system:kube-scheduler")),
                "only an operator may");
        Session operator = apply(alice(true), masters);
        assertThat(operator.identity().operator()).isFalse();
        assertThat(operator.user().groups()).contains(UserInfo.MASTERS);
    }

    @Test
    void halfOfSomebodyIsNobody() {
        for (String header :
                List.of("Impersonate-Group", "Impersonate-Uid", "Impersonate-Extra-a")) {
            assertThatThrownBy(() -> apply(alice(true), Map.of(header, List.of("x"))))
                    .isInstanceOfSatisfying(
                            ApiException.class, e -> assertThat(e.is(Reason.BAD_REQUEST)).isTrue());
        }
        assertThat(apply(alice(false), Map.of()).impersonator()).isEmpty();
    }

    private void assertForbidden(Session session, Map<String, List<String>> headers, String text) {
        assertThatThrownBy(() -> apply(session, headers))
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.is(Reason.FORBIDDEN)).isTrue())
                .hasMessageContaining(text);
    }

    private Session apply(Session session, Map<String, List<String>> headers) {
        Map<String, List<String>> lower = new LinkedHashMap<>();
        headers.forEach(
                (name, values) -> lower.put(name.toLowerCase(java.util.Locale.ROOT), values));
        Exchange exchange =
                (Exchange)
                        Proxy.newProxyInstance(
                                Exchange.class.getClassLoader(),
                                new Class<?>[] {Exchange.class},
                                (_, method, arguments) -> {
                                    if (method.getName().equals("headerNames")) {
                                        return List.copyOf(headers.keySet());
                                    }
                                    List<String> values =
                                            lower.getOrDefault(
                                                    arguments[0]
                                                            .toString()
                                                            .toLowerCase(java.util.Locale.ROOT),
                                                    List.of());
                                    return method.getName().equals("headers")
                                            ? values
                                            : values.stream().findFirst();
                                });
        return impersonation.apply(exchange, session);
    }

    private static Session alice(boolean operator) {
        UserInfo user = new UserInfo("alice", "", List.of(), Map.of());
        return new Session(
                new Identity(user, Optional.of(ACME), Set.of(ACME), operator), Optional.of(ACME));
    }
}
