/**
 * The half of the program that needs no machine: a registry over a store, who may do what, the API
 * server and the controllers that work on objects alone. The program and the embedded server are
 * both put together from it.
 *
 * <p>Entry class: {@link io.hypernetes.controlplane.ControlPlane}. Start and close it from one
 * thread; what it gives out may be used by many.
 */
@NullMarked
package io.hypernetes.controlplane;

import org.jspecify.annotations.NullMarked;
