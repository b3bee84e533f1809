package io.hypernetes.api.types.core;

import io.hypernetes.api.FieldError;
import io.hypernetes.api.types.kind.Errors;
import io.hypernetes.api.types.kind.Field;
import io.hypernetes.api.types.kind.ObjectMetaValidation;
import io.hypernetes.api.types.kind.Trees;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** Secrets. {@code stringData} is a convenience for writers and never stored. */
public final class SecretStrategy extends ConfigMapStrategy {

    /** The keys without which a secret of the type is useless. */
    private static final Map<String, List<String>> REQUIRED_KEYS =
            Map.of(
                    "kubernetes.io/dockercfg", List.of(".dockercfg"),
                    "kubernetes.io/dockerconfigjson", List.of(".dockerconfigjson"),
                    "kubernetes.io/ssh-auth", List.of("ssh-privatekey"),
                    "kubernetes.io/tls", List.of("tls.crt", "tls.key"));

    @Override
    public void applyDefaults(ObjectNode secret) {
        Trees.setDefault(secret, "type", "Opaque");
        if (secret.remove("stringData") instanceof ObjectNode texts) {
            ObjectNode data = Trees.child(secret, "data");
            for (Map.Entry<String, JsonNode> text : texts.properties()) {
                byte[] bytes = text.getValue().asString("").getBytes(StandardCharsets.UTF_8);
                data.put(text.getKey(), Base64.getEncoder().encodeToString(bytes));
            }
        }
    }

    @Override
    protected void rules(Field object) {
        ObjectNode secret = object.object();
        Errors errors = object.errors();
        if (binaryRules("data", secret, errors) > MAX_BYTES) {
            errors.add(FieldError.tooLong("data", MAX_BYTES));
        }
        String type = Trees.text(secret, "type");
        JsonNode data = secret.path("data");
        if (type.equals("kubernetes.io/basic-auth")
                && !data.has("username")
                && !data.has("password")) {
            errors.required("data[username]", "");
            errors.required("data[password]", "");
        }
        for (String key : REQUIRED_KEYS.getOrDefault(type, List.of())) {
            if (!data.has(key)) {
                errors.required("data[" + key + "]", "");
            }
        }
        if (type.equals("kubernetes.io/service-account-token")) {
            String annotation = "kubernetes.io/service-account.name";
            if (Trees.text(secret, "metadata", "annotations", annotation).isEmpty()) {
                errors.required("metadata.annotations[" + annotation + "]", "");
            }
        }
    }

    @Override
    protected void updateRules(Field object, Field before) {
        ObjectNode secret = object.object();
        ObjectNode old = before.object();
        Errors errors = object.errors();
        ObjectMetaValidation.immutable("type", secret.path("type"), old.path("type"), errors);
        super.updateRules(object, before);
    }

    @Override
    public List<String> selectableFields() {
        return List.of("type");
    }
}
