package io.hypernetes.controlplane;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Who decides about rights, named as in Kubernetes' {@code --authorization-mode}. */
public enum AuthorizationMode {
    NODE("Node"),
    RBAC("RBAC"),
    ABAC("ABAC"),
    WEBHOOK("Webhook"),
    ALWAYS_ALLOW("AlwaysAllow"),
    ALWAYS_DENY("AlwaysDeny");

    /** What needs no set-up. */
    public static final List<AuthorizationMode> DEFAULT = List.of(NODE, RBAC);

    private final String text;

    AuthorizationMode(String text) {
        this.text = text;
    }

    /** Throws IllegalArgumentException that names all there are. */
    public static AuthorizationMode of(String text) {
        return Arrays.stream(values())
                .filter(mode -> mode.text.equals(text))
                .findFirst()
                .orElseThrow(() ->
                        new IllegalArgumentException(
                                "there is no authorization mode '"
                                        + text
                                        + "', only "
                                        + Arrays.stream(values())
                                                .map(AuthorizationMode::toString)
                                                .collect(Collectors.joining(", "))));
    }

    @Override
    public String toString() {
        return text;
    }
}
