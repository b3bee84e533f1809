package io.hypernetes.junit;

import org.junit.platform.commons.support.AnnotationSupport;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What a test class asks for, on itself and on its fields. */
record Settings(boolean perMethod, List<String> crds, List<String> manifests) {

    static Settings of(Class<?> test) {
        List<KubernetesApi> asked = new ArrayList<>();
        for (Optional<Class<?>> type = Optional.of(test);
                type.isPresent();
                type = Optional.ofNullable(type.get().getEnclosingClass())) {
            AnnotationSupport.findAnnotation(type.get(), KubernetesApi.class).ifPresent(asked::add);
            AnnotationSupport.findAnnotatedFields(type.get(), KubernetesApi.class)
                    .forEach(field -> asked.add(field.getAnnotation(KubernetesApi.class)));
        }
        return new Settings(
                asked.stream().anyMatch(KubernetesApi::perMethod),
                all(asked.stream().map(KubernetesApi::crds)),
                all(asked.stream().map(KubernetesApi::manifests)));
    }

    private static List<String> all(Stream<String[]> names) {
        return names.flatMap(Stream::of).distinct().toList();
    }
}
