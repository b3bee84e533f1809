package io.hypernetes.node;

import io.hypernetes.cri.Annotations;
import io.hypernetes.cri.v1.ContainerState;
import io.hypernetes.cri.v1.ContainerStatus;
import io.hypernetes.cri.v1.Mount;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What a container's last state says of its end: what it left in its file, or, when its policy is
 * FallbackToLogsOnError and it left nothing and failed, the end of its log ("Determine the Reason
 * for Pod Failure", Kubernetes documentation).
 */
final class TerminationMessages {

    /** Annotation of containers, as upstream's kubelet sets it. */
    static final String POLICY = "io.kubernetes.container.terminationMessagePolicy";

    /** As upstream's kubelet. */
    private static final int LONGEST = 4096;

    private static final int LINES = 80;
    private static final int BYTES = 2048;

    /** So much of the log file is looked at: records have heads, too. */
    private static final int WINDOW = 64 * 1024;

    private TerminationMessages() {}

    static String of(ContainerStatus status) {
        boolean ended = status.getState() == ContainerState.CONTAINER_EXITED;
        String message =
                ended && status.getMessage().isEmpty() ? left(status) : status.getMessage();
        boolean fallback =
                ended
                        && status.getExitCode() != 0
                        && message.isEmpty()
                        && status.getAnnotationsOrDefault(POLICY, "")
                                .equals("FallbackToLogsOnError");
        return fallback ? endOfLog(status.getLogPath()) : message;
    }

    /** In the file that the node agent has mounted for it, when the runtime does not read it. */
    private static String left(ContainerStatus status) {
        String place = status.getAnnotationsOrDefault(Annotations.TERMINATION_MESSAGE_PATH, "");
        for (Mount mount : status.getMountsList()) {
            Path file = Path.of(mount.getHostPath());
            if (mount.getContainerPath().equals(place) && file.isAbsolute()) {
                return start(file);
            }
        }
        return "";
    }

    private static String start(Path file) {
        try (InputStream message = Files.newInputStream(file)) {
            return new String(message.readNBytes(LONGEST), StandardCharsets.UTF_8);
        } catch (NoSuchFileException _) {
            return ""; // the pod is on its way out
        } catch (IOException e) {
            return "Error on reading termination message: " + e.getMessage();
        }
    }

    static String endOfLog(String path) {
        byte[] end;
        try (RandomAccessFile file = new RandomAccessFile(path, "r")) {
            file.seek(Math.max(0, file.length() - WINDOW));
            end = new byte[(int) (file.length() - file.getFilePointer())];
            file.readFully(end);
        } catch (IOException e) {
            return "Error on reading termination message from logs: " + e.getMessage();
        }
        return last(lines(end));
    }

    /** The container's own lines, with their ends. */
    private static List<byte[]> lines(byte[] records) {
        List<byte[]> lines = new ArrayList<>();
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int start = 0;
        for (int i = 0; i < records.length; i++) {
            if (records[i] != '\n') {
                continue;
            }
            byte[] record = Arrays.copyOfRange(records, start, i);
            start = i + 1;
            CriLog.parse(record)
                    .ifPresent(entry -> {
                        line.writeBytes(entry.content());
                        if (!entry.partial()) {
                            line.write('\n');
                            lines.add(line.toByteArray());
                            line.reset();
                        }
                    });
        }
        if (line.size() > 0) {
            lines.add(line.toByteArray());
        }
        return lines;
    }

    private static String last(List<byte[]> lines) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        lines.subList(Math.max(0, lines.size() - LINES), lines.size()).forEach(all::writeBytes);
        byte[] bytes = all.toByteArray();
        int from = Math.max(0, bytes.length - BYTES);
        return new String(bytes, from, bytes.length - from, StandardCharsets.UTF_8);
    }
}
