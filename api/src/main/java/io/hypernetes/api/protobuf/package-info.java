/**
 * Kubernetes' protocol buffers, as clients send them: {@code application/vnd.kubernetes.protobuf}.
 * Objects are trees everywhere else, so this only reads.
 *
 * <p>Entry class: {@link io.hypernetes.api.protobuf.ProtobufDecoder}. For any thread. Input is
 * untrusted: lengths and depth are checked.
 */
@NullMarked
package io.hypernetes.api.protobuf;

import org.jspecify.annotations.NullMarked;
