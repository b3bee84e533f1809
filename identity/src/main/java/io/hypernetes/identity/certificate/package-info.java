/**
 * Client certificates of the installation's own authority.
 *
 * <p>Entry class: {@link io.hypernetes.identity.certificate.CertificateAuthenticator}. May be used
 * by any thread.
 */
@NullMarked
package io.hypernetes.identity.certificate;

import org.jspecify.annotations.NullMarked;
