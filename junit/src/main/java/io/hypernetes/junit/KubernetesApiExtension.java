package io.hypernetes.junit;

import io.hypernetes.embedded.World;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.ModifierSupport;

import java.lang.reflect.Field;
import java.util.Optional;

/** Fills what {@link KubernetesApi} marks. */
final class KubernetesApiExtension
        implements BeforeAllCallback, BeforeEachCallback, ParameterResolver {

    private static final ExtensionContext.Namespace NAMESPACE =
            ExtensionContext.Namespace.create(KubernetesApiExtension.class);

    @Override
    public void beforeAll(ExtensionContext context) throws IllegalAccessException {
        for (Field field : fields(context.getRequiredTestClass())) {
            if (ModifierSupport.isStatic(field)) {
                fill(field, null, context);
            }
        }
    }

    @Override
    public void beforeEach(ExtensionContext context) throws IllegalAccessException {
        for (Object test : context.getRequiredTestInstances().getAllInstances()) {
            for (Field field : fields(test.getClass())) {
                if (ModifierSupport.isNotStatic(field)) {
                    fill(field, test, context);
                }
            }
        }
    }

    private static Iterable<Field> fields(Class<?> test) {
        return AnnotationSupport.findAnnotatedFields(test, KubernetesApi.class);
    }

    private static void fill(Field field, @Nullable Object test, ExtensionContext context)
            throws IllegalAccessException {
        if (!Injectable.is(field.getType(), true)) {
            throw new ParameterResolutionException(
                    "@KubernetesApi cannot fill "
                            + field
                            + ": use KubernetesClient, ApiClient, World, or String or Path for a"
                            + " kubeconfig");
        }
        KubernetesApi asked = field.getAnnotation(KubernetesApi.class);
        Object value = world(context).value(field.getType(), asked.user(), asked.groups());
        field.setAccessible(true);
        field.set(test, value);
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return Injectable.is(
                parameter.getParameter().getType(), parameter.isAnnotated(KubernetesApi.class));
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Optional<KubernetesApi> asked = parameter.findAnnotation(KubernetesApi.class);
        return world(context)
                .value(
                        parameter.getParameter().getType(),
                        asked.map(KubernetesApi::user).orElse(""),
                        asked.map(KubernetesApi::groups).orElse(new String[0]));
    }

    /** Of the method when the class asks for that, else of the outermost test class. */
    private static TestWorld world(ExtensionContext context) {
        Class<?> test = context.getRequiredTestClass();
        Settings settings = Settings.of(test);
        ExtensionContext owner = context;
        if (!settings.perMethod() || context.getTestMethod().isEmpty()) {
            while (owner.getTestMethod().isPresent() || isNested(owner)) {
                owner = owner.getParent().orElseThrow();
            }
        }
        return owner.getStore(NAMESPACE)
                .computeIfAbsent(
                        TestWorld.class, _ -> make(settings, test, context), TestWorld.class);
    }

    private static boolean isNested(ExtensionContext context) {
        return context.getTestClass().map(Class::getEnclosingClass).isPresent()
                && context.getParent().flatMap(ExtensionContext::getTestClass).isPresent();
    }

    private static TestWorld make(Settings settings, Class<?> test, ExtensionContext context) {
        World world = SharedServer.of(context).createTenant();
        ClassPathFiles files = new ClassPathFiles(test);
        settings.crds().forEach(name -> files.read(name).forEach(world::apply));
        settings.manifests().forEach(name -> files.read(name).forEach(world::apply));
        return new TestWorld(world);
    }
}
