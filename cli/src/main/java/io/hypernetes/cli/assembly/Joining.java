package io.hypernetes.cli.assembly;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.httpclient.Kubeconfig;
import io.hypernetes.httpclient.RemoteClient;
import io.hypernetes.identity.pki.CertificateAuthority;
import io.hypernetes.identity.pki.SigningRequest;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;

/**
 * How a machine becomes a node, as kubeadm does it: with a bootstrap token it asks for its client
 * certificate, and with that for its others. Also renews them.
 */
public final class Joining {

    private static final Duration RENEW_BEFORE = Duration.ofDays(30);
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final List<String> CLIENT = List.of("digital signature", "client auth");
    private static final List<String> SERVER = List.of("digital signature", "server auth");

    private final NodeFolder folder;
    private final String node;
    private final Clock clock;

    public Joining(NodeFolder folder, String node, Clock clock) {
        this.folder = folder;
        this.node = node;
        this.clock = clock;
    }

    /**
     * The first certificate, for a token.
     *
     * @param server URL of the API
     * @param authority PEM
     */
    public void join(String server, String authority, String token)
            throws IOException, InterruptedException {
        Kubeconfig bootstrap =
                new Kubeconfig(server, authority, "bootstrap", new Kubeconfig.Proof.Token(token));
        try (RemoteClient client = new RemoteClient(bootstrap)) {
            writeClient(client, bootstrap);
        }
    }

    private void writeClient(RemoteClient client, Kubeconfig api)
            throws IOException, InterruptedException {
        SigningRequest.Fresh fresh =
                SigningRequest.make(
                        CertificateAuthority.NODE_USER + node,
                        List.of(CertificateAuthority.NODES_GROUP),
                        List.of());
        String certificate =
                sign(client, "kubernetes.io/kube-apiserver-client-kubelet", CLIENT, fresh);
        folder.write(
                new Kubeconfig(
                        api.server(),
                        api.authority(),
                        CertificateAuthority.NODE_USER + node,
                        new Kubeconfig.Proof.Certificate(certificate, fresh.key())));
    }

    /** Whatever is missing or ends within a month, once the machine has joined. */
    public void renew() throws IOException, InterruptedException {
        Instant soon = clock.instant().plus(RENEW_BEFORE);
        Kubeconfig api = folder.kubeconfig();
        if (api.proof() instanceof Kubeconfig.Proof.Certificate own
                && !NodeFolder.isGood(own.certificate(), soon)) {
            try (RemoteClient client = new RemoteClient(api)) {
                writeClient(client, api);
            }
        }
        try (RemoteClient client = new RemoteClient(folder.kubeconfig())) {
            if (!folder.has("server", soon)) {
                SigningRequest.Fresh fresh =
                        SigningRequest.make(
                                CertificateAuthority.NODE_USER + node,
                                List.of(CertificateAuthority.NODES_GROUP),
                                List.of(CertificateAuthority.nodeHost(node)));
                String signed = sign(client, "kubernetes.io/kubelet-serving", SERVER, fresh);
                folder.write("server", fresh.key(), signed);
            }
            if (!folder.has("network", soon)) {
                SigningRequest.Fresh fresh = SigningRequest.make(node, List.of(), List.of());
                String signed = sign(client, "hypernetes.io/network", CLIENT, fresh);
                folder.write("network", fresh.key(), signed);
            }
        }
    }

    private String sign(
            Client client, String signer, List<String> usages, SigningRequest.Fresh fresh)
            throws IOException, InterruptedException {
        ObjectNode request = Json.object();
        request.putObject("metadata").put("generateName", "node-" + node + "-");
        ObjectNode spec = request.putObject("spec");
        spec.put("signerName", signer);
        spec.put(
                "request",
                Base64.getEncoder()
                        .encodeToString(fresh.request().getBytes(StandardCharsets.US_ASCII)));
        ArrayNode wanted = spec.putArray("usages");
        usages.forEach(wanted::add);
        ObjectNode made =
                client.create(BuiltinTypes.CERTIFICATE_SIGNING_REQUESTS, Tenant.SYSTEM, request);
        ObjectKey key = new ObjectKey(Tenant.SYSTEM, "", Metadata.name(made));
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() - end < 0) {
            JsonNode status =
                    client.get(BuiltinTypes.CERTIFICATE_SIGNING_REQUESTS, key).path("status");
            String certificate = status.path("certificate").asString("");
            if (!certificate.isEmpty()) {
                return new String(
                        Base64.getMimeDecoder().decode(certificate), StandardCharsets.US_ASCII);
            }
            for (JsonNode condition : status.path("conditions")) {
                if (!condition.path("type").asString("").equals("Approved")) {
                    throw new IOException(
                            "the certificate of %s was refused (%s): see 'kubectl describe csr %s'"
                                    .formatted(
                                            signer,
                                            condition.path("message").asString(""),
                                            key.name()));
                }
            }
            Thread.sleep(POLL);
        }
        throw new IOException(
                "nobody has signed %s for %s yet: do the controllers run? See 'kubectl get csr'"
                        .formatted(key.name(), signer));
    }
}
