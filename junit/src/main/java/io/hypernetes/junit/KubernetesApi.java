package io.hypernetes.junit;

import org.junit.jupiter.api.extension.ExtendWith;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Gives a test class a Kubernetes API: a world that no other test class sees.
 *
 * <p>On a class it fills parameters of constructors and methods by their type; on a field, which
 * may be static, it fills that field. Types: fabric8's {@code KubernetesClient}, the official
 * {@code ApiClient}, {@code World} (our handle), and for a kubeconfig {@code String} (its text) or
 * {@code Path} (a file), which only annotated fields and parameters get. Clients are closed with
 * the world.
 *
 * <p>What a field or parameter asks for beside its type ({@code user}, {@code groups}) is its own;
 * {@code perMethod}, {@code crds} and {@code manifests} count on the class, or on any of its
 * annotated fields.
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.FIELD, ElementType.PARAMETER})
@ExtendWith(KubernetesApiExtension.class)
public @interface KubernetesApi {

    /** A new world for each test method, in place of one for the class. */
    boolean perMethod() default false;

    /**
     * Class path resources with CustomResourceDefinitions, YAML or JSON, which are served when the
     * test begins. The last part of a name may hold stars: {@code crds/*.yaml}.
     */
    String[] crds() default {};

    /** Class path resources with objects that are there when the test begins, after the CRDs. */
    String[] manifests() default {};

    /**
     * Who the client or kubeconfig is for; empty: a user with every right in the world. A named
     * user has the rights that roles and bindings give.
     */
    String user() default "";

    /** The named user's groups. */
    String[] groups() default {};
}
