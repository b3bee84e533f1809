package io.hypernetes.identity.token;

import io.hypernetes.api.Tenant;
import io.hypernetes.api.access.Authenticator;
import io.hypernetes.api.access.Credentials;
import io.hypernetes.api.access.Identity;
import io.hypernetes.api.access.UserInfo;
import io.hypernetes.identity.AuthorizationHeader;
import io.hypernetes.identity.CredentialDigest;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Tokens of a file, as Kubernetes' {@code --token-auth-file}: lines {@code
 * TOKEN,USER,UID,"GROUP,GROUP"}, read once at the start. A group {@code tenant:NAME} is a tenant,
 * as an organization of a certificate is; a user without one is of the operator's world.
 */
public final class TokenFileAuthenticator implements Authenticator {

    private static final String TENANT = "tenant:";

    private final CredentialDigest digest = new CredentialDigest();
    private final Map<ByteBuffer, Identity> identities = new HashMap<>();

    /** Throws IOException, and IllegalArgumentException that names the line. */
    public TokenFileAuthenticator(Path file) throws IOException {
        int number = 0;
        for (String line : Files.readAllLines(file)) {
            number++;
            if (!line.isBlank() && !line.startsWith("#")) {
                List<String> fields = fields(line);
                if (fields.size() < 3 || fields.get(0).isEmpty() || fields.get(1).isEmpty()) {
                    throw new IllegalArgumentException(
                            file + ", line " + number + ": TOKEN,USER,UID[,\"GROUP,…\"] is wanted");
                }
                try {
                    identities.put(digest.of(fields.getFirst()), identity(fields));
                } catch (IllegalArgumentException e) {
                    throw new IllegalArgumentException(
                            file + ", line " + number + ": " + e.getMessage(), e);
                }
            }
        }
    }

    @Override
    public Optional<Identity> authenticate(Credentials credentials) {
        return AuthorizationHeader.bearer(credentials)
                .map(bearer -> identities.get(digest.of(bearer.token())));
    }

    private static Identity identity(List<String> fields) {
        List<String> groups = new ArrayList<>();
        Set<Tenant> tenants = new LinkedHashSet<>();
        for (String group : fields.size() > 3 ? fields.get(3).split(",") : new String[0]) {
            if (group.strip().startsWith(TENANT)) {
                tenants.add(new Tenant(group.strip().substring(TENANT.length())));
            } else if (!group.isBlank()) {
                groups.add(group.strip());
            }
        }
        boolean ofSystem = tenants.isEmpty();
        if (!ofSystem) {
            groups.removeIf(group -> group.startsWith("system:"));
        }
        boolean operator = ofSystem && groups.contains(UserInfo.MASTERS);
        groups.add(UserInfo.AUTHENTICATED);
        Set<Tenant> all = ofSystem ? Set.of(Tenant.SYSTEM) : Set.copyOf(tenants);
        return new Identity(
                new UserInfo(fields.get(1), fields.get(2), List.copyOf(groups), Map.of()),
                all.size() == 1 ? Optional.of(all.iterator().next()) : Optional.empty(),
                all,
                operator);
    }

    /** Comma-separated; a field in quotes may have commas (RFC 4180). */
    private static List<String> fields(String line) {
        List<String> fields = new ArrayList<>();
        StringBuilder field = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '"') {
                quoted = !quoted;
            } else if (c == ',' && !quoted) {
                fields.add(field.toString().strip());
                field.setLength(0);
            } else {
                field.append(c);
            }
        }
        fields.add(field.toString().strip());
        return fields;
    }
}
