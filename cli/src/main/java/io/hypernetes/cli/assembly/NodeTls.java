package io.hypernetes.cli.assembly;

import io.hypernetes.httpclient.Kubeconfig;
import io.hypernetes.httpclient.Tls;
import io.hypernetes.identity.pki.CertificateAuthority;
import io.hypernetes.identity.pki.KeyedCertificate;

import org.jspecify.annotations.Nullable;

import javax.net.ssl.SSLContext;

/**
 * How other machines' nodes are called. It is made when the first one is, for it takes a tenth of a
 * start. Thread-safe.
 */
final class NodeTls {

    private final CertificateAuthority authority;
    private @Nullable SSLContext context;

    NodeTls(CertificateAuthority authority) {
        this.authority = authority;
    }

    synchronized SSLContext context() {
        SSLContext known = context;
        if (known == null) {
            KeyedCertificate client = authority.kubeletClient();
            known =
                    Tls.context(
                            new Kubeconfig(
                                    "",
                                    authority.certificatePem(),
                                    CertificateAuthority.KUBELET_CLIENT,
                                    new Kubeconfig.Proof.Certificate(
                                            client.certificatePem(), client.keyPem())));
            context = known;
        }
        return known;
    }
}
