package io.hypernetes.api.types.certificates;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A block of a PEM text (RFC 7468). */
record PemBlock(String type, byte[] content, boolean hasHeaders) {

    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----\\s*+([^-]*+)-----END \\1-----");

    /** All blocks of a text that is in base64, as JSON carries bytes; none when it is not. */
    static List<PemBlock> inBase64(String base64) {
        try {
            byte[] text = Base64.getMimeDecoder().decode(base64);
            return all(new String(text, StandardCharsets.ISO_8859_1));
        } catch (IllegalArgumentException _) {
            return List.of();
        }
    }

    /** All blocks; text around them, and blocks that are no base64, are passed over as Go does. */
    static List<PemBlock> all(String text) {
        List<PemBlock> blocks = new ArrayList<>();
        Matcher matcher = BLOCK.matcher(text);
        while (matcher.find()) {
            String body = matcher.group(2);
            boolean headers = body.contains(":");
            int lines = headers ? body.indexOf('\n', body.lastIndexOf(':')) + 1 : 0;
            String base64 = body.substring(lines);
            try {
                blocks.add(
                        new PemBlock(
                                matcher.group(1), Base64.getMimeDecoder().decode(base64), headers));
            } catch (IllegalArgumentException _) {
                continue;
            }
        }
        return blocks;
    }
}
