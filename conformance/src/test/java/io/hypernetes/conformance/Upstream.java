package io.hypernetes.conformance;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The upstream conformance tests whose behaviour a test asks for, by upstream's names. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@interface Upstream {
    String[] value();
}
