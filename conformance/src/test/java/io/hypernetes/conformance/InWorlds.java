package io.hypernetes.conformance;

import org.junit.jupiter.api.TestTemplate;
import org.junit.jupiter.api.extension.ExtendWith;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** A test that gets a {@link Space}: it runs once in a tenant's world and once in the system's. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@TestTemplate
@ExtendWith(Worlds.class)
@interface InWorlds {

    /** Why a tenant's world has no such thing; then the test runs in the system's alone. */
    String systemOnly() default "";
}
