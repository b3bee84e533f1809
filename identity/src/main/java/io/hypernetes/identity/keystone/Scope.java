package io.hypernetes.identity.keystone;

import io.hypernetes.api.json.Json;

import tools.jackson.databind.node.ObjectNode;

import java.util.Optional;

/** What a token is asked for. */
public sealed interface Scope {

    /** None is named: Keystone takes the user's default project, if there is one. */
    record ByDefault() implements Scope {}

    record ProjectId(String id) implements Scope {}

    /**
     * @param domain by name; empty for the one with {@code defaultDomain} as its id
     */
    record ProjectName(String name, Optional<String> domain, String defaultDomain)
            implements Scope {}

    record DomainId(String id) implements Scope {}

    record DomainName(String name) implements Scope {}

    /** The {@code scope} of {@code POST /auth/tokens}. */
    default Optional<ObjectNode> tree() {
        ObjectNode scope = Json.object();
        switch (this) {
            case ByDefault _ -> {
                return Optional.empty();
            }
            case ProjectId(String id) -> scope.putObject("project").put("id", id);
            case ProjectName(String name, Optional<String> domain, String byDefault) -> {
                ObjectNode project = scope.putObject("project").put("name", name);
                ObjectNode tree = project.putObject("domain");
                domain.ifPresentOrElse(
                        text -> tree.put("name", text), () -> tree.put("id", byDefault));
            }
            case DomainId(String id) -> scope.putObject("domain").put("id", id);
            case DomainName(String name) -> scope.putObject("domain").put("name", name);
        }
        return Optional.of(scope);
    }
}
