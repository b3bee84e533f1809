/**
 * The node agent: makes the pods bound to this machine run, each in a virtual machine of its own,
 * and tells the API how they are.
 *
 * <p>Entry class: {@link io.hypernetes.node.NodeAgent}. One worker at a time reconciles a pod; what
 * the agent remembers of a pod between two looks ({@link io.hypernetes.node.PodMemory}) can be lost
 * without harm, since everything that matters is in the API and in the runtime.
 */
@NullMarked
package io.hypernetes.node;

import org.jspecify.annotations.NullMarked;
