/**
 * The API server inside a Java program: started by one call, over a store in memory, on any free
 * port of the loopback interface, without files. Many of them live in one JVM, and many worlds
 * (tenants) in one of them.
 *
 * <p>Entry class: {@link io.hypernetes.embedded.KubernetesApiServer}. All classes may be used by
 * many threads.
 */
@NullMarked
package io.hypernetes.embedded;

import org.jspecify.annotations.NullMarked;
