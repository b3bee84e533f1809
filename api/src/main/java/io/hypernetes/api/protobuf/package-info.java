/**
 * Kubernetes' protocol buffers, as clients send and accept them: {@code
 * application/vnd.kubernetes.protobuf}. Objects are trees everywhere else.
 *
 * <p>Entry classes: {@link io.hypernetes.api.protobuf.ProtobufDecoder}, {@link
 * io.hypernetes.api.protobuf.ProtobufEncoder}. For any thread. Input is untrusted: lengths and
 * depth are checked.
 */
@NullMarked
package io.hypernetes.api.protobuf;

import org.jspecify.annotations.NullMarked;
