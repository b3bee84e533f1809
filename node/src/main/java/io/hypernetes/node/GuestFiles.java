package io.hypernetes.node;

import com.google.protobuf.ByteString;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.hypernetes.cri.guest.v1.GuestGrpc;
import io.hypernetes.cri.guest.v1.ReadVolumeRequest;
import io.hypernetes.cri.guest.v1.SandboxStatsRequest;
import io.hypernetes.cri.guest.v1.VolumeFile;
import io.hypernetes.cri.guest.v1.VolumeStats;
import io.hypernetes.cri.guest.v1.WriteVolumeRequest;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Writes the files of config maps, secrets and the downward API into the guest, when they changed.
 */
final class GuestFiles {

    private static final long DEADLINE_SECONDS = 30;

    private final ManagedChannel channel;

    GuestFiles(ManagedChannel channel) {
        this.channel = channel;
    }

    void push(String sandbox, List<PodVolume> volumes, PodMemory memory) {
        for (PodVolume volume : volumes) {
            if (volume instanceof PodVolume.Files(String name, List<PodVolume.File> files)) {
                int hash = hash(files);
                if (memory.differsFromPushed(name, hash)) {
                    write(sandbox, name, files);
                    memory.pushed(name, hash);
                }
            }
        }
    }

    private void write(String sandbox, String volume, List<PodVolume.File> files) {
        WriteVolumeRequest.Builder request =
                WriteVolumeRequest.newBuilder().setPodSandboxId(sandbox).setVolume(volume);
        for (PodVolume.File file : files) {
            request.addFiles(
                    VolumeFile.newBuilder()
                            .setPath(file.path())
                            .setMode(file.mode())
                            .setContent(ByteString.copyFrom(file.content())));
        }
        GuestGrpc.newBlockingStub(channel)
                .withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS)
                .writeVolume(request.build());
    }

    /** Empty when there is no such file. */
    Optional<byte[]> read(String sandbox, String volume, String path) {
        ReadVolumeRequest request =
                ReadVolumeRequest.newBuilder()
                        .setPodSandboxId(sandbox)
                        .setVolume(volume)
                        .setPath(path)
                        .build();
        try {
            return Optional.of(
                    GuestGrpc.newBlockingStub(channel)
                            .withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS)
                            .readVolume(request)
                            .getContent()
                            .toByteArray());
        } catch (StatusRuntimeException e) {
            if (e.getStatus().getCode() == Status.Code.NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** How full the volumes of a sandbox are. */
    List<VolumeStats> stats(String sandbox) {
        return GuestGrpc.newBlockingStub(channel)
                .withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS)
                .sandboxStats(SandboxStatsRequest.newBuilder().setPodSandboxId(sandbox).build())
                .getVolumesList();
    }

    static int hash(List<PodVolume.File> files) {
        return files.stream()
                .mapToInt(file ->
                        Objects.hash(file.path(), file.mode(), Arrays.hashCode(file.content())))
                .reduce(1, (all, one) -> 31 * all + one);
    }
}
