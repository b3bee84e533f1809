package io.hypernetes.runtime.cri;

import io.hypernetes.cri.Annotations;
import io.hypernetes.cri.SandboxNic;
import io.hypernetes.cri.v1.Container;
import io.hypernetes.cri.v1.ContainerResources;
import io.hypernetes.cri.v1.ContainerState;
import io.hypernetes.cri.v1.ContainerStatus;
import io.hypernetes.cri.v1.Image;
import io.hypernetes.cri.v1.ImageSpec;
import io.hypernetes.cri.v1.Int64Value;
import io.hypernetes.cri.v1.PodIP;
import io.hypernetes.cri.v1.PodSandbox;
import io.hypernetes.cri.v1.PodSandboxConfig;
import io.hypernetes.cri.v1.PodSandboxNetworkStatus;
import io.hypernetes.cri.v1.PodSandboxState;
import io.hypernetes.cri.v1.PodSandboxStatus;
import io.hypernetes.runtime.image.ImageHolder;
import io.hypernetes.runtime.image.ImageStore;
import io.hypernetes.runtime.image.StoredImage;

import java.util.List;

/** What CRI's clients are shown of our records. */
final class Messages {

    private final ImageStore images;

    Messages(ImageStore images) {
        this.images = images;
    }

    PodSandboxStatus status(Sandbox sandbox) {
        SandboxRecord record = sandbox.record();
        PodSandboxConfig config = record.config();
        PodSandboxNetworkStatus.Builder network = PodSandboxNetworkStatus.newBuilder();
        List<String> ips =
                Annotations.nic(config.getAnnotationsMap()).map(SandboxNic::ips).orElse(List.of());
        ips.stream().limit(1).forEach(network::setIp);
        ips.stream().skip(1).forEach(ip -> network.addAdditionalIps(PodIP.newBuilder().setIp(ip)));
        return PodSandboxStatus.newBuilder()
                .setId(record.id())
                .setMetadata(config.getMetadata())
                .setState(state(record))
                .setCreatedAt(record.createdAt())
                .setNetwork(network)
                .putAllLabels(config.getLabelsMap())
                .putAllAnnotations(config.getAnnotationsMap())
                .setRuntimeHandler(record.handler())
                .build();
    }

    PodSandbox item(Sandbox sandbox) {
        SandboxRecord record = sandbox.record();
        PodSandboxConfig config = record.config();
        PodSandbox.Builder item =
                PodSandbox.newBuilder()
                        .setId(record.id())
                        .setMetadata(config.getMetadata())
                        .setState(state(record))
                        .setCreatedAt(record.createdAt())
                        .putAllLabels(config.getLabelsMap())
                        .putAllAnnotations(config.getAnnotationsMap())
                        .setRuntimeHandler(record.handler());
        if (sandbox.waitsForSpace()) {
            item.putAnnotations(Annotations.WAITS, "space");
        }
        return item.build();
    }

    static PodSandboxState state(SandboxRecord record) {
        return switch (record.state()) {
            case READY -> PodSandboxState.SANDBOX_READY;
            case CREATING, NOT_READY -> PodSandboxState.SANDBOX_NOTREADY;
        };
    }

    List<ContainerStatus> containerStatuses(Sandbox sandbox) {
        return sandbox.containers().stream().map(PodContainer::record).map(this::status).toList();
    }

    ContainerStatus status(ContainerRecord record) {
        return ContainerStatus.newBuilder()
                .setId(record.id())
                .setMetadata(record.config().getMetadata())
                .setState(state(record))
                .setCreatedAt(record.createdAt())
                .setStartedAt(record.startedAt())
                .setFinishedAt(record.outcome().finishedAt())
                .setExitCode(record.outcome().exitCode())
                .setReason(record.outcome().reason())
                .setMessage(record.outcome().message())
                .setImage(image(record))
                .setImageRef(imageRef(record))
                .setImageId(record.imageId())
                .putAllLabels(record.config().getLabelsMap())
                .putAllAnnotations(record.config().getAnnotationsMap())
                .addAllMounts(record.config().getMountsList())
                .setLogPath(record.logPath())
                .setResources(
                        ContainerResources.newBuilder()
                                .setLinux(record.config().getLinux().getResources()))
                .setStopSignal(record.config().getStopSignal())
                .build();
    }

    Container item(ContainerRecord record) {
        return Container.newBuilder()
                .setId(record.id())
                .setPodSandboxId(record.sandboxId())
                .setMetadata(record.config().getMetadata())
                .setImage(image(record))
                .setImageRef(imageRef(record))
                .setImageId(record.imageId())
                .setState(state(record))
                .setCreatedAt(record.createdAt())
                .putAllLabels(record.config().getLabelsMap())
                .putAllAnnotations(record.config().getAnnotationsMap())
                .build();
    }

    static ContainerState state(ContainerRecord record) {
        if (record.exited()) {
            return ContainerState.CONTAINER_EXITED;
        }
        return record.running()
                ? ContainerState.CONTAINER_RUNNING
                : ContainerState.CONTAINER_CREATED;
    }

    /** The name as the pod says it, where the client has told; it mostly sends the id. */
    private static ImageSpec image(ContainerRecord record) {
        ImageSpec image = record.config().getImage();
        String written = image.getUserSpecifiedImage();
        return written.isEmpty() ? image : image.toBuilder().setImage(written).build();
    }

    private String imageRef(ContainerRecord record) {
        String tenant = record.config().getLabelsOrDefault(Annotations.TENANT, "");
        return images.find(new ImageHolder(tenant), record.imageId())
                .flatMap(image -> image.digests().stream().findFirst())
                .orElse(record.imageId());
    }

    static Image image(StoredImage image) {
        Image.Builder message =
                Image.newBuilder()
                        .setId(image.id().toString())
                        .addAllRepoTags(image.tags())
                        .addAllRepoDigests(image.digests())
                        .setSize(image.size())
                        // What the operator has brought cannot be fetched again.
                        .setPinned(image.isHeldBy(ImageHolder.EVERYONE));
        String user = image.config().user().replaceFirst(":.*", "");
        if (user.matches("[0-9]{1,10}")) {
            message.setUid(Int64Value.newBuilder().setValue(Long.parseLong(user)));
        } else {
            message.setUsername(user);
        }
        return message.build();
    }
}
