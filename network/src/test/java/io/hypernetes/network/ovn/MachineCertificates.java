package io.hypernetes.network.ovn;

import io.hypernetes.network.ovsdb.TlsFiles;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** An authority of machines' certificates, made by the JDK's keytool. */
final class MachineCertificates {

    private static final String PASSWORD = "password";

    private final Path folder;
    private final Path store;
    private final String host;

    MachineCertificates(Path folder, String host) throws IOException, InterruptedException {
        this.folder = Files.createDirectories(folder);
        this.host = host;
        this.store = folder.resolve("keys.p12");
        keytool("-alias", "ca", "-dname", "CN=ca", "-ext", "bc=ca:true");
        write("ca.crt", "CERTIFICATE", "ca", false);
    }

    /** A certificate of this name, good for a server at the host. */
    TlsFiles of(String name) throws IOException, InterruptedException {
        keytool("-alias", name, "-dname", "CN=" + name, "-ext", "san=ip:" + host, "-signer", "ca");
        return new TlsFiles(
                write(name + ".key", "PRIVATE KEY", name, true),
                write(name + ".crt", "CERTIFICATE", name, false),
                folder.resolve("ca.crt"));
    }

    private void keytool(String... words) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "keytool")
                                        .toString(),
                                "-genkeypair",
                                "-keyalg",
                                "EC",
                                "-groupname",
                                "secp256r1",
                                "-keystore",
                                store.toString(),
                                "-storepass",
                                PASSWORD));
        command.addAll(List.of(words));
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("keytool.log").toFile())
                        .start();
        if (process.waitFor() != 0) {
            throw new IOException(Files.readString(folder.resolve("keytool.log")));
        }
    }

    private Path write(String file, String kind, String alias, boolean key) throws IOException {
        try (InputStream bytes = Files.newInputStream(store)) {
            KeyStore keys = KeyStore.getInstance("PKCS12");
            keys.load(bytes, PASSWORD.toCharArray());
            byte[] der =
                    key
                            ? keys.getKey(alias, PASSWORD.toCharArray()).getEncoded()
                            : keys.getCertificate(alias).getEncoded();
            String base64 =
                    Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                            .encodeToString(der);
            return Files.writeString(
                    folder.resolve(file),
                    "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n".formatted(kind, base64));
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }
}
