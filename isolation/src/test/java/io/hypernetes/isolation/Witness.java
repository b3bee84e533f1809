package io.hypernetes.isolation;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.Tenant;

import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

import java.util.Objects;
import java.util.Set;

/**
 * Holds after every attempt: no answer had anything of globex in it, every object of globex and of
 * the operator is as it was, nobody went into one of globex' pods, nobody was made to connect to a
 * port of the host.
 */
final class Witness implements BeforeEachCallback, AfterEachCallback, ParameterResolver {
    private static final ExtensionContext.Namespace OWN =
            ExtensionContext.Namespace.create(Witness.class);

    /** What there was before. */
    private record Before(Set<String> belongings) {}

    @Override
    public void beforeEach(ExtensionContext context) {
        Installation installation = Installation.of(context);
        installation.takeAnswers();
        context.getStore(OWN).put(Before.class, new Before(installation.belongings()));
    }

    @Override
    public void afterEach(ExtensionContext context) {
        Installation installation = Installation.of(context);
        assertThat(installation.takeAnswers())
                .isNotEmpty()
                .allSatisfy(
                        answer -> assertThat(answer.text()).doesNotContain(Installation.TREASURE));
        Before before =
                Objects.requireNonNull(context.getStore(OWN).get(Before.class, Before.class));
        assertThat(installation.belongings()).isEqualTo(before.belongings());
        assertThat(installation.pods().reached())
                .noneMatch(pod -> pod.tenant().equals(Installation.GLOBEX))
                .noneMatch(pod -> pod.tenant().equals(Tenant.SYSTEM));
        assertThat(installation.trap().caught()).isZero();
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Installation.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return Installation.of(context);
    }
}
