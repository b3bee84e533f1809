package io.hypernetes.installation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hypernetes.identity.pki.CertificateAuthority;
import io.hypernetes.identity.pki.KeyedCertificate;
import io.hypernetes.store.EtcdCluster;
import io.hypernetes.store.KeyRange;
import io.hypernetes.store.Store;
import io.hypernetes.store.StoreException;
import io.hypernetes.store.StoreKey;
import io.hypernetes.store.Txn;
import io.hypernetes.store.TxnResult;
import io.hypernetes.store.etcd.EtcdSettings;
import io.hypernetes.store.etcd.EtcdStore;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** An etcd that speaks TLS and demands a certificate of its clients. */
class EtcdTlsIT {

    private static final StoreKey KEY = StoreKey.of("key");

    @TempDir Path directory;

    private final CertificateAuthority authority = CertificateAuthority.inMemory(Clock.systemUTC());

    @BeforeEach
    void makeFolder() throws IOException {
        Files.createDirectories(members());
    }

    private Path members() {
        return directory.resolve("etcd");
    }

    private Path file(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text);
    }

    private EtcdCluster.Tls serverTls() throws IOException {
        KeyedCertificate server = authority.serverCertificate(List.of("127.0.0.1"));
        return new EtcdCluster.Tls(
                file("ca.pem", authority.certificatePem()),
                file("server.pem", server.certificatePem()),
                file("server.key", server.keyPem()));
    }

    private EtcdSettings.Tls clientTls() throws IOException {
        return new EtcdSettings.Tls(
                file("ca.pem", authority.certificatePem()),
                Optional.of(client(authority.operator())));
    }

    private EtcdSettings.Tls.Client client(KeyedCertificate certificate) throws IOException {
        return new EtcdSettings.Tls.Client(
                file("client.pem", certificate.certificatePem()),
                file("client.key", certificate.keyPem()));
    }

    private static EtcdSettings settings(EtcdCluster etcd, EtcdSettings.Tls tls) {
        return EtcdSettings.of(etcd.members())
                .withCompaction(Duration.ZERO)
                .withTls(Optional.of(tls));
    }

    @Test
    void aClientWithACertificateIsServed() throws IOException, InterruptedException {
        try (EtcdCluster etcd = EtcdCluster.startWithTls(members(), serverTls());
                Store store = EtcdStore.open(settings(etcd, clientTls()))) {
            assertThat(store.commit(Txn.create(KEY, new byte[] {1})))
                    .isInstanceOf(TxnResult.Committed.class);
            assertThat(store.range(KeyRange.ALL, Store.LATEST, 0).entries()).hasSize(1);
        }
    }

    @Test
    void certificatesThatDoNotFitAreToldAtOnce() throws IOException, InterruptedException {
        CertificateAuthority stranger = CertificateAuthority.inMemory(Clock.systemUTC());
        try (EtcdCluster etcd = EtcdCluster.startWithTls(members(), serverTls())) {
            EtcdStore.open(settings(etcd, clientTls())).close(); // it is up

            EtcdSettings.Tls none = new EtcdSettings.Tls(clientTls().authority(), Optional.empty());
            assertRefused(settings(etcd, none), "do not trust each other");

            EtcdSettings.Tls foreign =
                    new EtcdSettings.Tls(
                            clientTls().authority(), Optional.of(client(stranger.operator())));
            assertRefused(settings(etcd, foreign), "do not trust each other");

            EtcdSettings.Tls wrong =
                    new EtcdSettings.Tls(
                            file("stranger.pem", stranger.certificatePem()), clientTls().client());
            assertRefused(settings(etcd, wrong), "do not trust each other");
        }
    }

    @Test
    void aCertificateWithoutRightsIsTold() throws IOException, InterruptedException {
        try (EtcdCluster etcd = EtcdCluster.start(members(), 1)) {
            etcd.ask("/v3/auth/user/add", "{\"name\":\"root\",\"password\":\"secret\"}");
            etcd.ask("/v3/auth/role/add", "{\"name\":\"root\"}");
            etcd.ask("/v3/auth/user/grant", "{\"user\":\"root\",\"role\":\"root\"}");
            etcd.ask("/v3/auth/user/add", "{\"name\":\"operator\",\"password\":\"secret\"}");
            etcd.ask("/v3/auth/enable", "{}");
            EtcdSettings nobody = EtcdSettings.of(etcd.members()).withCompaction(Duration.ZERO);
            assertRefused(nobody, "it wants to know who asks");
            etcd.restartWithTls(serverTls());
            assertRefused(
                    settings(etcd, clientTls()),
                    "does the client certificate, or the user, have the rights");
        }
    }

    private static void assertRefused(EtcdSettings settings, String words) {
        assertThatThrownBy(() -> EtcdStore.open(settings).close())
                .isInstanceOf(StoreException.class)
                .hasMessageContaining(words);
    }
}
