package io.hypernetes.identity.abac;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.access.Attributes;
import io.hypernetes.api.access.UserInfo;
import io.hypernetes.api.json.Json;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * One line of the file, in the version {@code abac.authorization.kubernetes.io/v1beta1} or, without
 * a version, in the first one, where what is left out means everything.
 *
 * @param tenant whose world it is about; {@code *} for every world. The format does not know it:
 *     lines without it are about the operator's own world
 * @param user empty for any user of the group
 * @param group empty for the user alone
 */
record AbacPolicy(
        String tenant,
        String user,
        String group,
        boolean readonly,
        String apiGroup,
        String resource,
        String namespace,
        String nonResourcePath) {

    private static final String ANY = "*";
    private static final String VERSION = "abac.authorization.kubernetes.io/v1beta1";
    private static final Set<String> READING = Set.of("get", "list", "watch");

    /** All lines; empty ones and comments are left out. Throws IllegalArgumentException. */
    static List<AbacPolicy> parse(String text) {
        List<AbacPolicy> policies = new ArrayList<>();
        int number = 0;
        for (String line : text.lines().toList()) {
            number++;
            if (line.isBlank() || line.strip().startsWith("#")) {
                continue;
            }
            try {
                policies.add(of(Json.parseObject(line.getBytes(StandardCharsets.UTF_8))));
            } catch (ApiException | IllegalArgumentException e) {
                throw new IllegalArgumentException("line " + number + ": " + e.getMessage(), e);
            }
        }
        return List.copyOf(policies);
    }

    private static AbacPolicy of(ObjectNode line) {
        String version = text(line, "apiVersion");
        if (version.isEmpty()) {
            return first(line);
        }
        if (!version.equals(VERSION) || !text(line, "kind").equals("Policy")) {
            throw new IllegalArgumentException("only Policies of " + VERSION + " are known");
        }
        JsonNode spec = line.path("spec");
        boolean everybody = text(spec, "user").equals(ANY) || text(spec, "group").equals(ANY);
        return new AbacPolicy(
                text(spec, "tenant"),
                everybody ? "" : text(spec, "user"),
                everybody ? UserInfo.AUTHENTICATED : text(spec, "group"),
                spec.path("readonly").asBoolean(false),
                text(spec, "apiGroup"),
                text(spec, "resource"),
                text(spec, "namespace"),
                text(spec, "nonResourcePath"));
    }

    private static AbacPolicy first(JsonNode line) {
        String user = text(line, "user");
        String group = text(line, "group");
        String resource = text(line, "resource");
        String namespace = text(line, "namespace");
        boolean everybody =
                user.equals(ANY) || group.equals(ANY) || (user.isEmpty() && group.isEmpty());
        return new AbacPolicy(
                text(line, "tenant"),
                everybody ? "" : user,
                everybody ? UserInfo.AUTHENTICATED : group,
                line.path("readonly").asBoolean(false),
                ANY,
                resource.isEmpty() ? ANY : resource,
                namespace.isEmpty() ? ANY : namespace,
                resource.isEmpty() && namespace.isEmpty() ? ANY : "");
    }

    boolean allows(Attributes request) {
        return holdsIn(request.tenant().name())
                && names(request.user())
                && (!readonly || READING.contains(request.verb()))
                && (request.isResource() ? coversResource(request) : coversPath(request.path()));
    }

    private boolean holdsIn(String world) {
        return tenant.equals(ANY)
                || world.equals(tenant.isEmpty() ? io.hypernetes.api.Tenant.SYSTEM.name() : tenant);
    }

    private boolean names(UserInfo who) {
        return (!user.isEmpty() || !group.isEmpty())
                && (user.isEmpty() || user.equals(who.name()))
                && (group.isEmpty() || who.in(group));
    }

    private boolean coversResource(Attributes request) {
        return fits(namespace, request.namespace())
                && fits(resource, request.resource())
                && fits(apiGroup, request.group());
    }

    private boolean coversPath(String path) {
        return nonResourcePath.equals(ANY)
                || nonResourcePath.equals(path)
                || (nonResourcePath.endsWith(ANY)
                        && path.startsWith(nonResourcePath.replaceAll("\\*+$", "")));
    }

    private static boolean fits(String allowed, String wanted) {
        return allowed.equals(ANY) || allowed.equals(wanted);
    }

    private static String text(JsonNode object, String field) {
        return object.path(field).asString("");
    }
}
