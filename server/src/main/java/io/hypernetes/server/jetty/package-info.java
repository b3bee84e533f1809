/**
 * The listener: TLS, HTTP/2, HTTP/1.1 and WebSockets by Jetty's core handlers. The only package
 * that knows Jetty.
 *
 * <p>Entry class: {@link io.hypernetes.server.jetty.JettyListener}. Every request runs on a virtual
 * thread of its own.
 */
@NullMarked
package io.hypernetes.server.jetty;

import org.jspecify.annotations.NullMarked;
