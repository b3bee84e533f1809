package io.hypernetes.runtime.cri;

import com.google.protobuf.InvalidProtocolBufferException;

import io.hypernetes.cri.v1.PodSandboxConfig;
import io.hypernetes.cri.v1.PodSandboxMetadata;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.util.Base64;

/**
 * What is known of a sandbox after a restart. Its id is also its machine's.
 *
 * @param createdAt nanoseconds since the epoch
 */
record SandboxRecord(
        String id, PodSandboxConfig config, String handler, long createdAt, State state) {

    enum State {
        /** Being made; found after a restart, it is unmade. */
        CREATING,
        READY,
        /** Stopped, or its machine has died. */
        NOT_READY
    }

    SandboxRecord with(State other) {
        return new SandboxRecord(id, config, handler, createdAt, other);
    }

    SandboxRecord with(PodSandboxConfig other) {
        return new SandboxRecord(id, other, handler, createdAt, state);
    }

    /** Whether a request for this pod means this sandbox. */
    boolean is(PodSandboxMetadata metadata) {
        return config.getMetadata().equals(metadata);
    }

    /** The configuration is kept as the bytes that came; the rest is for people to read. */
    byte[] write() {
        PodSandboxMetadata metadata = config.getMetadata();
        ObjectNode node = JsonMapper.shared().createObjectNode();
        node.put("id", id).put("state", state.name()).put("createdAt", createdAt);
        node.put("pod", metadata.getNamespace() + "/" + metadata.getName());
        node.put("uid", metadata.getUid()).put("attempt", metadata.getAttempt());
        node.put("handler", handler);
        node.put("config", Base64.getEncoder().encodeToString(config.toByteArray()));
        return JsonMapper.shared().writeValueAsBytes(node);
    }

    static SandboxRecord read(byte[] bytes) throws InvalidProtocolBufferException {
        JsonNode node = JsonMapper.shared().readTree(bytes);
        return new SandboxRecord(
                node.path("id").asString(""),
                PodSandboxConfig.parseFrom(
                        Base64.getDecoder().decode(node.path("config").asString(""))),
                node.path("handler").asString(""),
                node.path("createdAt").asLong(),
                State.valueOf(node.path("state").asString("")));
    }
}
