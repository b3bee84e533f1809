package io.hypernetes.api.access;

import java.util.List;
import java.util.Map;

/**
 * Who made a request, as Kubernetes' {@code user.Info}.
 *
 * @param uid empty when the authenticator has none
 */
public record UserInfo(
        String name, String uid, List<String> groups, Map<String, List<String>> extra) {

    public static final String ANONYMOUS = "system:anonymous";
    public static final String MASTERS = "system:masters";
    public static final String AUTHENTICATED = "system:authenticated";
    public static final String UNAUTHENTICATED = "system:unauthenticated";

    public boolean in(String group) {
        return groups.contains(group);
    }
}
