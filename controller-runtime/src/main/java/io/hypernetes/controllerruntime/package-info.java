/**
 * Watch, queue, reconcile: what every controller, the scheduler and the node agent are made of.
 *
 * <p>Entry class: {@link io.hypernetes.controllerruntime.Controller}. An {@link
 * io.hypernetes.controllerruntime.Informer} mirrors one resource of all tenants with one virtual
 * thread, whatever the number of tenants; a controller turns its changes into keys and hands each
 * key to one worker at a time. Controllers act on state, never on remembered events.
 */
@NullMarked
package io.hypernetes.controllerruntime;

import org.jspecify.annotations.NullMarked;
