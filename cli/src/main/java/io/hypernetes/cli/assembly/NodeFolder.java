package io.hypernetes.cli.assembly;

import io.hypernetes.httpclient.Kubeconfig;
import io.hypernetes.network.ovsdb.TlsFiles;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Optional;

/**
 * By what a machine that has joined shows who it is: {@code kubeconfig} towards the API, {@code
 * server.*} of its own port, {@code network.*} towards the databases of networks. Its owner alone
 * may read it.
 */
public record NodeFolder(Path folder) {

    /** Of a data folder. */
    public static NodeFolder of(Path data) {
        return new NodeFolder(data.resolve("node"));
    }

    public boolean hasJoined() {
        return Files.exists(file("kubeconfig"));
    }

    private Path file(String name) {
        return folder.resolve(name);
    }

    Kubeconfig kubeconfig() throws IOException {
        return Kubeconfig.read(file("kubeconfig"));
    }

    void write(Kubeconfig kubeconfig) throws IOException {
        create();
        kubeconfig.write(file("kubeconfig"), "node@hypernetes", Optional.empty());
    }

    private void create() throws IOException {
        Files.createDirectories(
                folder,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }

    /** The server's certificate, with the authority that its clients must be of. */
    Kubeconfig server() throws IOException {
        return new Kubeconfig(
                "",
                kubeconfig().authority(),
                "node",
                new Kubeconfig.Proof.Certificate(
                        Files.readString(file("server.crt")),
                        Files.readString(file("server.key"))));
    }

    TlsFiles networkFiles() {
        return new TlsFiles(file("network.key"), file("network.crt"), file("network-ca.crt"));
    }

    void writeNetworkAuthority(String pem) throws IOException {
        write("network-ca.crt", pem);
    }

    /** The key first: a crash leaves a key that nobody knows. */
    void write(String name, String key, String certificate) throws IOException {
        write(name + ".key", key);
        write(name + ".crt", certificate);
    }

    private void write(String name, String text) throws IOException {
        create();
        Path fresh = file(name + ".new");
        Files.deleteIfExists(fresh);
        Files.createFile(
                fresh,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(fresh, text, StandardCharsets.US_ASCII);
        Files.move(
                fresh,
                file(name),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }

    /** Whether there is a certificate of this name that is still good at that time. */
    boolean has(String name, Instant then) throws IOException {
        return Files.exists(file(name + ".crt"))
                && isGood(Files.readString(file(name + ".crt")), then);
    }

    static boolean isGood(String pem, Instant then) throws IOException {
        return certificate(pem).getNotAfter().toInstant().isAfter(then);
    }

    static X509Certificate certificate(String pem) throws IOException {
        try {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509")
                            .generateCertificate(
                                    new ByteArrayInputStream(
                                            pem.getBytes(StandardCharsets.US_ASCII)));
        } catch (CertificateException e) {
            throw new IOException("a certificate cannot be read: " + e.getMessage(), e);
        }
    }
}
