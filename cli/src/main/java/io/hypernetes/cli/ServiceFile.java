package io.hypernetes.cli;

import io.hypernetes.identity.keystone.OpenStackAccess;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** An account at Keystone in a file, written as OpenStack's {@code openrc} files are. */
final class ServiceFile {

    private static final Set<PosixFilePermission> FOR_OTHERS =
            EnumSet.of(PosixFilePermission.OTHERS_READ, PosixFilePermission.OTHERS_WRITE);

    private ServiceFile() {}

    /** The server's own address of Keystone is meant where the file names none. */
    static OpenStackAccess read(Path file, @Nullable URI keystone) {
        try {
            if (Files.getPosixFilePermissions(file).stream().anyMatch(FOR_OTHERS::contains)) {
                throw new CommandException(
                        file + " has a secret in it and everybody can read it: chmod 600 it");
            }
            Map<String, String> variables = variables(Files.readString(file));
            if (keystone != null) {
                variables.putIfAbsent("OS_AUTH_URL", keystone.toString());
            }
            return OpenStackAccess.ofVariables(variables);
        } catch (IOException e) {
            throw new CommandException("--keystone-service-file cannot be read: " + e, e);
        } catch (IllegalArgumentException e) {
            throw new CommandException(file + ": " + e.getMessage(), e);
        }
    }

    /** {@code OS_NAME=VALUE}, with or without {@code export} and quotes. */
    static Map<String, String> variables(String text) {
        Map<String, String> variables = new LinkedHashMap<>();
        for (String line : text.lines().map(String::strip).toList()) {
            String assignment = line.startsWith("export ") ? line.substring(7).strip() : line;
            int equals = assignment.indexOf('=');
            if (equals > 0 && !assignment.startsWith("#")) {
                variables.put(
                        assignment.substring(0, equals),
                        unquoted(assignment.substring(equals + 1).strip()));
            }
        }
        return variables;
    }

    private static String unquoted(String value) {
        boolean quoted =
                value.length() >= 2
                        && (value.startsWith("\"") || value.startsWith("'"))
                        && value.endsWith(value.substring(0, 1));
        return quoted ? value.substring(1, value.length() - 1) : value;
    }
}
