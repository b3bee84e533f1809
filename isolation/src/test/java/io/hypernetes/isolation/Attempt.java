package io.hypernetes.isolation;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** One way to try to leave one's world; {@code docs/isolation.md} is written from these. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@Test
@ExtendWith(Witness.class)
@interface Attempt {
    /** Stays the same for ever. */
    String id();

    /** What is tried. */
    String tries();

    /** What comes of it. */
    String result();
}
