package io.hypernetes.cli;

import picocli.CommandLine.Option;

import java.io.Console;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** A password from standard input or the terminal, never from the command line. */
final class PasswordOption {

    private static final int LONGEST = 1024;

    @Option(
            names = "--password-stdin",
            description = "Read the password from standard input instead of asking for it.")
    private boolean stdin;

    String read(String user) throws IOException {
        String password = stdin ? fromStdin() : ask(user);
        if (password.isEmpty()) {
            throw new CommandException("the password is empty");
        }
        return password;
    }

    private static String fromStdin() throws IOException {
        byte[] bytes = System.in.readNBytes(LONGEST + 1);
        if (bytes.length > LONGEST) {
            throw new CommandException("the password is longer than " + LONGEST + " bytes");
        }
        return new String(bytes, StandardCharsets.UTF_8).replaceAll("\\R$", "");
    }

    private static String ask(String user) {
        Console console = System.console();
        if (console == null || !console.isTerminal()) {
            throw new CommandException(
                    "there is no terminal to ask for the password on; use --password-stdin");
        }
        char[] typed = console.readPassword("Password of %s: ", user);
        return typed == null ? "" : new String(typed);
    }
}
