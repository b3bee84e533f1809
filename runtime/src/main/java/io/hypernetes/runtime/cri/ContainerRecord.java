package io.hypernetes.runtime.cri;

import com.google.protobuf.InvalidProtocolBufferException;

import io.hypernetes.cri.v1.ContainerConfig;
import io.hypernetes.cri.v1.LinuxContainerResources;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.util.Base64;

/**
 * What is known of a container after a restart. Times are nanoseconds since the epoch, zero while
 * not reached.
 *
 * @param imageId digest of the image's configuration
 * @param imageDisk the disk of the sandbox's machine that has the image
 * @param logPath absolute; empty for no log
 * @param stopSignal Linux number
 */
record ContainerRecord(
        String id,
        String sandboxId,
        ContainerConfig config,
        String imageId,
        String imageDisk,
        String logPath,
        int stopSignal,
        long createdAt,
        long startedAt,
        Outcome outcome) {

    /**
     * How it ended.
     *
     * @param finishedAt zero while it has not ended
     * @param reason one word, for programs
     */
    record Outcome(long finishedAt, int exitCode, String reason, String message) {
        static final Outcome NONE = new Outcome(0, 0, "", "");
    }

    boolean exited() {
        return outcome.finishedAt != 0;
    }

    boolean running() {
        return startedAt != 0 && !exited();
    }

    /** With these limits where they say something; {@code -1} takes a quota away. */
    ContainerRecord limited(LinuxContainerResources wanted) {
        ContainerConfig.Builder changed = config.toBuilder();
        changed.getLinuxBuilder().getResourcesBuilder().mergeFrom(wanted);
        return new ContainerRecord(
                id,
                sandboxId,
                changed.build(),
                imageId,
                imageDisk,
                logPath,
                stopSignal,
                createdAt,
                startedAt,
                outcome);
    }

    ContainerRecord started(long at) {
        return new ContainerRecord(
                id,
                sandboxId,
                config,
                imageId,
                imageDisk,
                logPath,
                stopSignal,
                createdAt,
                at,
                outcome);
    }

    ContainerRecord ended(Outcome how) {
        return new ContainerRecord(
                id,
                sandboxId,
                config,
                imageId,
                imageDisk,
                logPath,
                stopSignal,
                createdAt,
                startedAt,
                how);
    }

    byte[] write() {
        ObjectNode node = JsonMapper.shared().createObjectNode();
        node.put("id", id).put("sandbox", sandboxId);
        node.put("name", config.getMetadata().getName());
        node.put("attempt", config.getMetadata().getAttempt());
        node.put("image", imageId).put("imageDisk", imageDisk);
        node.put("log", logPath).put("stopSignal", stopSignal);
        node.put("createdAt", createdAt).put("startedAt", startedAt);
        node.put("finishedAt", outcome.finishedAt).put("exitCode", outcome.exitCode);
        node.put("reason", outcome.reason).put("message", outcome.message);
        node.put("config", Base64.getEncoder().encodeToString(config.toByteArray()));
        return JsonMapper.shared().writeValueAsBytes(node);
    }

    static ContainerRecord read(byte[] bytes) throws InvalidProtocolBufferException {
        JsonNode node = JsonMapper.shared().readTree(bytes);
        return new ContainerRecord(
                node.path("id").asString(""),
                node.path("sandbox").asString(""),
                ContainerConfig.parseFrom(
                        Base64.getDecoder().decode(node.path("config").asString(""))),
                node.path("image").asString(""),
                node.path("imageDisk").asString(""),
                node.path("log").asString(""),
                node.path("stopSignal").asInt(),
                node.path("createdAt").asLong(),
                node.path("startedAt").asLong(),
                new Outcome(
                        node.path("finishedAt").asLong(),
                        node.path("exitCode").asInt(),
                        node.path("reason").asString(""),
                        node.path("message").asString("")));
    }
}
