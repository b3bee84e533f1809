/**
 * What kubelets may: the Node authorizer.
 *
 * <p>Entry class: {@link io.hypernetes.identity.node.NodeAuthorizer}. For any thread; the mirror of
 * pods is written by its informer's thread.
 */
@NullMarked
package io.hypernetes.identity.node;

import org.jspecify.annotations.NullMarked;
