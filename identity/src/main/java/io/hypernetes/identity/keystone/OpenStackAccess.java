package io.hypernetes.identity.keystone;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * How somebody gets in at Keystone, as OpenStack's own tools are told it: by variables {@code OS_*}
 * or by the {@code auth} section of a {@code clouds.yaml}. Both have the same names.
 *
 * @param authorities a file with the certificates that are believed
 */
public record OpenStackAccess(
        URI url, Optional<String> authorities, Proof proof, Scope scope, String user) {

    private static final String VARIABLE = "OS_";

    /** Of the process' environment. Throws IllegalArgumentException that says what is missing. */
    public static OpenStackAccess ofVariables(Map<String, String> environment) {
        Map<String, String> settings = new LinkedHashMap<>();
        environment.forEach((name, value) -> {
            if (name.startsWith(VARIABLE) && !value.isEmpty()) {
                settings.put(name.substring(VARIABLE.length()).toLowerCase(Locale.ROOT), value);
            }
        });
        return of(settings);
    }

    /**
     * @param settings by names such as {@code auth_url} and {@code project_name}
     */
    public static OpenStackAccess of(Map<String, String> settings) {
        return new Reader(settings).access();
    }

    /** Gets a token. Throws IllegalArgumentException when Keystone refuses. */
    public KeystoneClient.Grant grant(KeystoneClient keystone) {
        return keystone.authenticate(proof, scope)
                .orElseThrow(() ->
                        new IllegalArgumentException(
                                "Keystone refuses: the name, the secret or the project is wrong"
                                        + " (it does not say which)"));
    }

    /** One set of settings. */
    private record Reader(Map<String, String> settings) {

        OpenStackAccess access() {
            URI url = URI.create(required("auth_url", "where Keystone is"));
            return new OpenStackAccess(url, get("cacert"), proof(), scope(), user());
        }

        private Proof proof() {
            String type = get("auth_type").orElse("");
            if (type.endsWith("applicationcredential")
                    || get("application_credential_secret").isPresent()) {
                return applicationCredential();
            }
            if (type.endsWith("token") || (get("token").isPresent() && get("password").isEmpty())) {
                return new Proof.Token(required("token", "the token"));
            }
            return new Proof.Password(who(), required("password", "the password"));
        }

        private Proof applicationCredential() {
            String secret = required("application_credential_secret", "its secret");
            return get("application_credential_id")
                    .map(id -> new Proof.ApplicationCredential(id, Optional.empty(), secret))
                    .orElseGet(() ->
                            new Proof.ApplicationCredential(
                                    required("application_credential_name", "its name or id"),
                                    Optional.of(who()),
                                    secret));
        }

        private Proof.Who who() {
            Optional<String> id = get("user_id");
            if (id.isPresent()) {
                return new Proof.Who.Id(id.get());
            }
            return new Proof.Who.Name(
                    required("username", "who you are"),
                    get("user_domain_name").or(() -> get("default_domain_name")),
                    domainId("user_domain_id"));
        }

        /** An application credential has its scope in itself. */
        private Scope scope() {
            if (get("application_credential_secret").isPresent()) {
                return new Scope.ByDefault();
            }
            Optional<String> project = get("project_id").or(() -> get("tenant_id"));
            if (project.isPresent()) {
                return new Scope.ProjectId(project.get());
            }
            Optional<String> name = get("project_name").or(() -> get("tenant_name"));
            if (name.isPresent()) {
                return new Scope.ProjectName(
                        name.get(),
                        get("project_domain_name").or(() -> get("default_domain_name")),
                        domainId("project_domain_id"));
            }
            return get("domain_id")
                    .<Scope>map(Scope.DomainId::new)
                    .or(() -> get("domain_name").map(Scope.DomainName::new))
                    .orElseGet(Scope.ByDefault::new);
        }

        private String user() {
            return get("username")
                    .or(() -> get("user_id"))
                    .or(() -> get("application_credential_id"))
                    .or(() -> get("application_credential_name"))
                    .orElse("keystone");
        }

        private String domainId(String setting) {
            return get(setting)
                    .or(() -> get("default_domain_id"))
                    .or(() -> get("default_domain"))
                    .orElse(KeystoneSettings.DEFAULT_DOMAIN);
        }

        private Optional<String> get(String name) {
            return Optional.ofNullable(settings.get(name)).filter(value -> !value.isEmpty());
        }

        private String required(String name, String what) {
            return get(name)
                    .orElseThrow(() ->
                            new IllegalArgumentException(
                                    "OS_"
                                            + name.toUpperCase(Locale.ROOT)
                                            + " ("
                                            + what
                                            + ") is not set, nor is there a '"
                                            + name
                                            + "' in clouds.yaml"));
        }
    }
}
