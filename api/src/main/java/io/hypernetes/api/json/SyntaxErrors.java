package io.hypernetes.api.json;

import java.nio.charset.StandardCharsets;

/**
 * Says what is wrong with a text that is no JSON, in the words of Go's encoding/json, which users
 * of Kubernetes know and search for. Only called for a text that the parser has refused.
 */
final class SyntaxErrors {

    /** The description found: leaves the descent. */
    private static final class Found extends Exception {
        private static final long serialVersionUID = 1L;

        private final String description;

        Found(String description) {
            super(description, null, false, false);
            this.description = description;
        }
    }

    private final String text;
    private int at;

    private SyntaxErrors(String text) {
        this.text = text;
    }

    static String describe(byte[] json) {
        SyntaxErrors errors = new SyntaxErrors(new String(json, StandardCharsets.UTF_8));
        try {
            errors.value(0);
            errors.skipSpace();
            if (errors.at < errors.text.length()) {
                throw errors.unexpected("after top-level value");
            }
            return "invalid JSON: not UTF-8, or a number that is too long";
        } catch (Found found) {
            return found.description;
        }
    }

    private void value(int depth) throws Found {
        if (depth > Json.MAX_DEPTH) {
            throw new Found("exceeded max depth");
        }
        skipSpace();
        switch (peek()) {
            case '{' -> object(depth);
            case '[' -> array(depth);
            case '"' -> string();
            case 't' -> literal("true");
            case 'f' -> literal("false");
            case 'n' -> literal("null");
            case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> number();
            default -> throw unexpected("looking for beginning of value");
        }
    }

    private void object(int depth) throws Found {
        at++;
        skipSpace();
        if (peek() == '}') {
            at++;
            return;
        }
        while (true) {
            skipSpace();
            if (peek() != '"') {
                throw unexpected("looking for beginning of object key string");
            }
            string();
            skipSpace();
            if (peek() != ':') {
                throw unexpected("after object key");
            }
            at++;
            value(depth + 1);
            skipSpace();
            if (closes('}', "after object key:value pair")) {
                return;
            }
        }
    }

    private void array(int depth) throws Found {
        at++;
        skipSpace();
        if (peek() == ']') {
            at++;
            return;
        }
        while (true) {
            value(depth + 1);
            skipSpace();
            if (closes(']', "after array element")) {
                return;
            }
        }
    }

    /** Steps over a comma, or over the closing bracket. */
    private boolean closes(char bracket, String context) throws Found {
        char c = peek();
        if (c != ',' && c != bracket) {
            throw unexpected(context);
        }
        at++;
        return c == bracket;
    }

    private void string() throws Found {
        at++;
        for (char c = peek(); c != '"'; c = peek()) {
            if (c < ' ') {
                throw unexpected("in string literal");
            }
            at++;
            if (c == '\\') {
                escape();
            }
        }
        at++;
    }

    private void escape() throws Found {
        char c = peek();
        if ("bfnrt\\/\"u".indexOf(c) < 0) {
            throw unexpected("in string escape code");
        }
        at++;
        for (int i = 0; c == 'u' && i < 4; i++) {
            if (Character.digit(peek(), 16) < 0) {
                throw unexpected("in \\u hexadecimal character escape");
            }
            at++;
        }
    }

    private void number() throws Found {
        if (text.charAt(at) == '-') {
            at++;
            if (!isDigit()) {
                throw unexpected("in numeric literal");
            }
        }
        if (text.charAt(at) == '0') {
            at++;
        } else {
            digits();
        }
        if (at < text.length() && text.charAt(at) == '.') {
            at++;
            if (!isDigit()) {
                throw unexpected("after decimal point in numeric literal");
            }
            digits();
        }
        if (at < text.length() && (text.charAt(at) | 0x20) == 'e') {
            at++;
            char sign = peek();
            if (sign == '+' || sign == '-') {
                at++;
            }
            if (!isDigit()) {
                throw unexpected("in exponent of numeric literal");
            }
            digits();
        }
    }

    private boolean isDigit() throws Found {
        char c = peek();
        return c >= '0' && c <= '9';
    }

    private void digits() {
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
    }

    private void literal(String word) throws Found {
        at++;
        for (int i = 1; i < word.length(); i++) {
            if (peek() != word.charAt(i)) {
                throw unexpected("in literal " + word + " (expecting '" + word.charAt(i) + "')");
            }
            at++;
        }
    }

    private void skipSpace() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private char peek() throws Found {
        if (at >= text.length()) {
            throw new Found("unexpected end of JSON input");
        }
        return text.charAt(at);
    }

    private Found unexpected(String context) throws Found {
        return new Found("invalid character " + quoted(peek()) + " " + context);
    }

    private static String quoted(char c) {
        return switch (c) {
            case '\'' -> "'\\''";
            case '"' -> "'\"'";
            case '\\' -> "'\\\\'";
            case '\n' -> "'\\n'";
            case '\t' -> "'\\t'";
            case '\r' -> "'\\r'";
            default -> c < ' ' ? "'\\x%02x'".formatted((int) c) : "'" + c + "'";
        };
    }
}
