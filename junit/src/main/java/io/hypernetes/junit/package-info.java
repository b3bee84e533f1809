/**
 * A Kubernetes API for JUnit tests: one embedded server per JVM, started when the first test asks,
 * and a world of its own for every test class or test method.
 *
 * <p>Entry: the annotation {@link io.hypernetes.junit.KubernetesApi}. Tests may run in parallel.
 */
@NullMarked
package io.hypernetes.junit;

import org.jspecify.annotations.NullMarked;
