package io.hypernetes.api.custom;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.Scope;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.names.Names;
import io.hypernetes.api.types.kind.Field;
import io.hypernetes.api.types.kind.KindStrategy;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.Locale;

/**
 * {@code extensions/v1beta1} ThirdPartyResource, the ancestor of CustomResourceDefinition: its name
 * says all. {@code cron-tab.stable.example.com} is the kind CronTab of the group
 * stable.example.com, served as {@code crontabs}.
 */
public final class ThirdPartyResource extends KindStrategy {

    public ThirdPartyResource() {
        super(Scope.CLUSTER, Names::dnsSubdomain);
    }

    @Override
    public void applyDefaults(ObjectNode resource) {
        if (resource.path("versions").isEmpty()) {
            resource.putArray("versions").addObject().put("name", "v1");
        }
    }

    @Override
    protected void rules(Field resource) {
        Field name = resource.at("metadata", "name");
        if (name.isGiven() && name.text().split("\\.", -1).length < 3) {
            name.invalid("must be of the form <kind name>.<domain name>.<top-level domain name>");
        }
        for (Field version : resource.at("versions").items()) {
            Field versionName = version.at("name").required();
            if (versionName.isGiven()) {
                versionName.form(Names::dns1035Label);
            }
        }
    }

    /** The definition that a resource means; the same for the same resource. */
    public static ObjectNode definition(ObjectNode resource) {
        String name = Metadata.name(resource);
        int dot = name.indexOf('.');
        String kind = kind(name.substring(0, dot));
        String group = name.substring(dot + 1);
        String plural = kind.toLowerCase(Locale.ROOT) + "s";
        ObjectNode definition = Json.object();
        definition
                .put("apiVersion", "apiextensions.k8s.io/v1")
                .put("kind", "CustomResourceDefinition");
        definition.putObject("metadata").put("name", plural + "." + group);
        ObjectNode spec = definition.putObject("spec");
        spec.put("group", group).put("scope", "Namespaced");
        spec.putObject("names").put("plural", plural).put("kind", kind);
        ArrayNode versions = spec.putArray("versions");
        for (JsonNode version : resource.path("versions")) {
            ObjectNode one = versions.addObject();
            one.put("name", version.path("name").asString("")).put("served", true);
            one.put("storage", versions.size() == 1);
            one.putObject("schema")
                    .putObject("openAPIV3Schema")
                    .put("type", "object")
                    .put("description", resource.path("description").asString(""))
                    .put("x-kubernetes-preserve-unknown-fields", true);
        }
        return definition;
    }

    private static String kind(String words) {
        StringBuilder kind = new StringBuilder();
        for (String word : words.split("-", -1)) {
            if (!word.isEmpty()) {
                kind.append(Character.toUpperCase(word.charAt(0))).append(word.substring(1));
            }
        }
        return kind.toString();
    }
}
