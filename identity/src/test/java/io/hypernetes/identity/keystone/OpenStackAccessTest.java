package io.hypernetes.identity.keystone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.util.Map;
import java.util.Optional;

class OpenStackAccessTest {

    @Test
    void aPasswordForAProject() {
        OpenStackAccess access =
                OpenStackAccess.ofVariables(
                        Map.of(
                                "OS_AUTH_URL", "https://keystone:5000/v3",
                                "OS_USERNAME", "alice",
                                "OS_PASSWORD", "p",
                                "OS_USER_DOMAIN_NAME", "partners",
                                "OS_PROJECT_NAME", "acme",
                                "OS_PROJECT_DOMAIN_ID", "d1",
                                "PATH", "/bin"));
        assertThat(access.proof())
                .isEqualTo(
                        new Proof.Password(
                                new Proof.Who.Name("alice", Optional.of("partners"), "default"),
                                "p"));
        assertThat(access.scope()).isEqualTo(new Scope.ProjectName("acme", Optional.empty(), "d1"));
        assertThat(access.toString()).doesNotContain("p,").doesNotContain("=p");
    }

    @Test
    void anApplicationCredentialHasItsScopeInItself() {
        OpenStackAccess access =
                OpenStackAccess.of(
                        Map.of(
                                "auth_url", "https://keystone:5000",
                                "auth_type", "v3applicationcredential",
                                "application_credential_id", "1",
                                "application_credential_secret", "s",
                                "project_name", "ignored"));
        assertThat(access.proof())
                .isEqualTo(new Proof.ApplicationCredential("1", Optional.empty(), "s"));
        assertThat(access.scope()).isEqualTo(new Scope.ByDefault());
    }

    @Test
    void saysWhatIsMissing() {
        assertThatThrownBy(() -> OpenStackAccess.ofVariables(Map.of()))
                .hasMessageContaining("OS_AUTH_URL");
        assertThatThrownBy(() ->
                        OpenStackAccess.ofVariables(
                                Map.of("OS_AUTH_URL", "https://k", "OS_USERNAME", "alice")))
                .hasMessageContaining("OS_PASSWORD");
    }
}
