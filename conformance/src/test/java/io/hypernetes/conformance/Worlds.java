package io.hypernetes.conformance;

import io.hypernetes.embedded.World;

import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContextProvider;

import java.util.List;
import java.util.stream.Stream;

/** Runs each test in a new tenant's world and in the system's, in a namespace of its own. */
final class Worlds implements TestTemplateInvocationContextProvider {

    @Override
    public boolean supportsTestTemplate(ExtensionContext context) {
        return true;
    }

    @Override
    public Stream<TestTemplateInvocationContext> provideTestTemplateInvocationContexts(
            ExtensionContext context) {
        boolean both =
                context.getRequiredTestMethod()
                        .getAnnotation(InWorlds.class)
                        .systemOnly()
                        .isEmpty();
        return both
                ? Stream.of(new Run("tenant", true), new Run("system", false))
                : Stream.of(new Run("system", false));
    }

    private record Run(String name, boolean tenant)
            implements TestTemplateInvocationContext, ParameterResolver {

        @Override
        public String getDisplayName(int index) {
            return name;
        }

        @Override
        public List<Extension> getAdditionalExtensions() {
            return List.of(this);
        }

        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == Space.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            Cluster cluster = Cluster.of(context);
            World world = tenant ? cluster.server().createTenant() : cluster.server().system();
            return Space.in(world);
        }
    }
}
