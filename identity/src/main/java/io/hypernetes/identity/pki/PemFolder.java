package io.hypernetes.identity.pki;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;

/** A folder that its owner alone may read, with a PEM file for each name. */
final class PemFolder implements PemShelf {
    private final Path folder;

    PemFolder(Path folder) {
        this.folder = folder;
        try {
            Files.createDirectories(
                    folder,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rwx------")));
        } catch (IOException e) {
            throw new PkiException("cannot make the folder " + folder, e);
        }
    }

    @Override
    public boolean has(String name) {
        return Files.exists(folder.resolve(name));
    }

    @Override
    public X509Certificate certificate(String name) {
        return Pem.readCertificate(folder.resolve(name));
    }

    @Override
    public PrivateKey key(String name) {
        return Pem.readKey(folder.resolve(name));
    }

    @Override
    public void put(String name, X509Certificate certificate) {
        Pem.write(folder.resolve(name), Pem.of(certificate));
    }

    @Override
    public void put(String name, PrivateKey key) {
        Pem.write(folder.resolve(name), Pem.of(key));
    }
}
