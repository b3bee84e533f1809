/**
 * The {@code Client} interface over HTTPS, and the kubeconfig files that tell it where and who.
 *
 * <p>Entry class: {@link io.hypernetes.httpclient.RemoteClient}. It may be used by many threads.
 */
@NullMarked
package io.hypernetes.httpclient;

import org.jspecify.annotations.NullMarked;
