package io.hypernetes.cli;

import io.hypernetes.identity.keystone.KeystoneClient;
import io.hypernetes.identity.keystone.KeystoneSettings;
import io.hypernetes.identity.keystone.OpenStackAccess;
import io.hypernetes.identity.remote.UnreachableException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Gets a token from Keystone, for a person at a terminal: with more patience than a server has. */
final class KeystoneLogin {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private KeystoneLogin() {}

    static KeystoneClient.Grant grant(OpenStackAccess access) {
        Optional<String> authorities = access.authorities().map(KeystoneLogin::read);
        try (KeystoneClient keystone =
                new KeystoneClient(
                        new KeystoneSettings(
                                access.url(),
                                authorities,
                                KeystoneSettings.DEFAULT_DOMAIN,
                                KeystoneSettings.FRESH,
                                KeystoneSettings.GRACE,
                                PATIENCE))) {
            return access.grant(keystone);
        } catch (IllegalArgumentException | UnreachableException e) {
            throw new CommandException(String.valueOf(e.getMessage()), e);
        }
    }

    private static String read(String file) {
        try {
            return Files.readString(Path.of(file));
        } catch (IOException e) {
            throw new CommandException(file + " cannot be read: " + e, e);
        }
    }
}
