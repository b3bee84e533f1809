/**
 * The way into the pods of another machine: what a kubelet's port 10250 is in Kubernetes. HTTP/1.1
 * over TLS with a certificate at both ends; the API server is the only client.
 *
 * <p>Entry classes: {@link io.hypernetes.node.remote.NodeServer} on the machine, {@link
 * io.hypernetes.node.remote.RemoteNode} at the API server, {@link
 * io.hypernetes.node.remote.AllNodes} that finds the machine of a pod. A virtual thread for each
 * connection.
 */
@NullMarked
package io.hypernetes.node.remote;

import org.jspecify.annotations.NullMarked;
