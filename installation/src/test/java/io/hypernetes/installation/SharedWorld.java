package io.hypernetes.installation;

import io.hypernetes.httpclient.Kubeconfig;
import io.hypernetes.httpclient.RemoteClient;
import io.hypernetes.identity.pki.CertificateAuthority;
import io.hypernetes.identity.pki.KeyedCertificate;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A Kubernetes that is one world for all, for the commands that work beside one: upstream's
 * programs where {@code -Dkube-apiserver=PATH} names them, else the front door of ours. Whom the
 * authority has signed, it knows.
 */
interface SharedWorld extends AutoCloseable {

    /** Where it is. */
    String url();

    @Override
    void close();

    /**
     * Returns when it answers.
     *
     * @param tokens a kubeconfig: who is asked about tokens
     */
    static SharedWorld start(Path folder, CertificateAuthority authority, Optional<Path> tokens)
            throws IOException, InterruptedException {
        Optional<Path> program = UpstreamKubernetes.program();
        return program.isPresent()
                ? UpstreamKubernetes.start(program.get(), folder, authority, tokens)
                : OwnKubernetes.start(authority, tokens);
    }

    /** Somebody there, by a certificate. */
    static Kubeconfig access(
            String url, CertificateAuthority authority, KeyedCertificate certificate) {
        Kubeconfig.Proof proof =
                new Kubeconfig.Proof.Certificate(
                        certificate.certificatePem(), certificate.keyPem());
        return new Kubeconfig(url, authority.certificatePem(), "it", proof);
    }

    /** Who may do everything. */
    static RemoteClient operator(SharedWorld world, CertificateAuthority authority) {
        return RemoteClient.ofOneWorld(access(world.url(), authority, authority.operator()));
    }
}
