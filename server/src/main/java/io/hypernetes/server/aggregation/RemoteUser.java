package io.hypernetes.server.aggregation;

import io.hypernetes.api.access.UserInfo;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;

/** Who asks, in the headers of a front proxy: {@code X-Remote-User} and its like. */
final class RemoteUser {
    /** This server, when it asks for itself. */
    static final UserInfo SELF =
            new UserInfo("system:kube-aggregator", "", List.of(UserInfo.MASTERS), Map.of());

    private RemoteUser() {}

    static List<Entry<String, String>> headers(UserInfo user) {
        List<Entry<String, String>> headers = new ArrayList<>();
        headers.add(Map.entry("X-Remote-User", onTheWire(user.name())));
        if (!user.uid().isEmpty()) {
            headers.add(Map.entry("X-Remote-Uid", onTheWire(user.uid())));
        }
        user.groups().forEach(g -> headers.add(Map.entry("X-Remote-Group", onTheWire(g))));
        user.extra()
                .forEach((key, values) -> {
                    String name = "X-Remote-Extra-" + escaped(key);
                    values.forEach(value -> headers.add(Map.entry(name, onTheWire(value))));
                });
        return headers;
    }

    /** Heads are written byte by character: a name beyond Latin-1 travels as its UTF-8 bytes. */
    private static String onTheWire(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    /** What no header's name may have (RFC 9110, section 5.6.2) is percent-encoded. */
    static String escaped(String key) {
        StringBuilder name = new StringBuilder();
        for (byte b : key.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            boolean plain =
                    (c >= 'a' && c <= 'z')
                            || (c >= 'A' && c <= 'Z')
                            || (c >= '0' && c <= '9')
                            || "!#$&'*+-.^_`|~".indexOf(c) >= 0;
            name.append(plain ? String.valueOf(c) : "%%%02X".formatted((int) c));
        }
        return name.toString();
    }
}
