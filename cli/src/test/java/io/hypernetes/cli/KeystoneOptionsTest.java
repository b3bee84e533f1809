package io.hypernetes.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

import java.time.Duration;
import java.util.Map;

class KeystoneOptionsTest {

    @Command
    private static final class Holder {
        @Mixin private KeystoneOptions options = new KeystoneOptions();
    }

    private static KeystoneOptions parse(String... arguments) {
        Holder holder = new Holder();
        new CommandLine(holder).parseArgs(arguments);
        return holder.options;
    }

    @Test
    void withoutAUrlThereIsNoKeystone() {
        assertThat(parse().settings()).isEmpty();
        assertThat(parse().roles()).isEmpty();
    }

    @Test
    void theSeedsNameOfTheOptionIsTaken() {
        assertThat(parse("--experimental-keystone-url=https://keystone:5000").settings())
                .hasValueSatisfying(settings -> {
                    assertThat(settings.url()).hasToString("https://keystone:5000");
                    assertThat(settings.patience()).isEqualTo(Duration.ofSeconds(4));
                });
    }

    @Test
    void aRoleMeansWhatTheOperatorSaysAndNothingWhenItIsEmpty() {
        assertThat(
                        parse(
                                        "--keystone-url=http://keystone:5000",
                                        "--keystone-role=auditor=view",
                                        "--keystone-role=member=edit",
                                        "--keystone-role=reader=")
                                .roles())
                .isEqualTo(Map.of("admin", "cluster-admin", "member", "edit", "auditor", "view"));
    }

    @Test
    void whatIsPassedOnToTheServerMeansTheSame() {
        KeystoneOptions given =
                parse(
                        "--keystone-url=http://keystone:5000",
                        "--keystone-role=auditor=view",
                        "--keystone-revalidate-seconds=3",
                        "--keystone-outage-seconds=7",
                        "--keystone-timeout-seconds=9",
                        "--keystone-default-domain=people");
        KeystoneOptions passed = parse(given.arguments().toArray(String[]::new));
        assertThat(passed.settings()).isEqualTo(given.settings());
        assertThat(passed.roles()).isEqualTo(given.roles());
    }

    @Test
    void whatCannotBeIsRefusedInASentence() {
        assertThatThrownBy(() ->
                        parse("--keystone-url=http://keystone:5000", "--keystone-timeout-seconds=0")
                                .settings())
                .isInstanceOf(CommandException.class)
                .hasMessageContaining("--keystone-timeout-seconds must be at least");
        assertThatThrownBy(() -> parse("--keystone-url=keystone").settings())
                .isInstanceOf(CommandException.class)
                .hasMessageContaining("https://HOST:5000/v3");
        assertThatThrownBy(() ->
                        parse("--keystone-url=http://keystone:5000", "--keystone-cafile=/nowhere")
                                .settings())
                .isInstanceOf(CommandException.class)
                .hasMessageContaining("--keystone-cafile cannot be read");
        assertThatThrownBy(() -> parse("--keystone-create").account())
                .isInstanceOf(CommandException.class)
                .hasMessageContaining("--keystone-service-file");
    }
}
