package io.hypernetes.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hypernetes.identity.keystone.OpenStackAccess;
import io.hypernetes.identity.keystone.Proof;
import io.hypernetes.identity.keystone.Scope;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

class CloudsFileTest {

    @TempDir Path folder;

    @Test
    void aCloudIsReadWithItsSecretsBeside() throws IOException {
        Path file = folder.resolve("clouds.yaml");
        Files.writeString(
                file,
                """
                clouds:
                  acme:
                    auth:
                      auth_url: https://keystone:5000/v3
                      username: alice
                      project_name: acme
                    cacert: /etc/keystone.crt
                  other: {auth: {auth_url: https://elsewhere}}
                """);
        Files.writeString(
                folder.resolve("secure.yaml"), "clouds: {acme: {auth: {password: hidden}}}\n");
        Map<String, String> environment = Map.of("OS_CLIENT_CONFIG_FILE", file.toString());

        OpenStackAccess access = CredentialCommand.access("acme", environment);

        assertThat(access.proof())
                .isEqualTo(
                        new Proof.Password(
                                new Proof.Who.Name("alice", Optional.empty(), "default"),
                                "hidden"));
        assertThat(access.scope())
                .isEqualTo(new Scope.ProjectName("acme", Optional.empty(), "default"));
        assertThat(access.authorities()).contains("/etc/keystone.crt");
        assertThatThrownBy(() -> CredentialCommand.access("unknown", environment))
                .isInstanceOf(CommandException.class)
                .hasMessageContaining("no cloud 'unknown'");
    }
}
