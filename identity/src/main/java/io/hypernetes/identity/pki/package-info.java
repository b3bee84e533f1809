/**
 * The installation's own certificate authority and signing keys, kept as PEM files that only the
 * owner may read.
 *
 * <p>Entry class: {@link io.hypernetes.identity.pki.CertificateAuthority}. The only package that
 * knows BouncyCastle. Instances may be used by any thread.
 */
@NullMarked
package io.hypernetes.identity.pki;

import org.jspecify.annotations.NullMarked;
