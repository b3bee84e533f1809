/**
 * The client of a KMS plug-in (Kubernetes' KMS v2 API, gRPC over a UNIX socket), which keeps the
 * key that the master key of encryption at rest lies under.
 *
 * <p>Entry class: {@link io.hypernetes.store.kms.KmsPlugin}. It may be used by any thread.
 */
@NullMarked
package io.hypernetes.store.kms;

import org.jspecify.annotations.NullMarked;
