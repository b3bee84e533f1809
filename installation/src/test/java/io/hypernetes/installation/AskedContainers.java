package io.hypernetes.installation;

import static org.assertj.core.api.Assertions.assertThat;

import org.assertj.core.api.SoftAssertions;

import tools.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.List;

/**
 * One pod whose containers each say one thing and end, so that many questions about containers cost
 * one machine.
 */
final class AskedContainers {

    /**
     * @param about what is asked, in upstream's words
     * @param container its manifest without name and image; empty for the image's own command
     * @param answer a pattern that its whole log matches
     */
    private record Asked(String about, String container, String answer) {}

    private final String name;
    private final String pod;
    private final List<Asked> asked = new ArrayList<>();

    /**
     * @param pod the rest of its spec, in YAML at the indentation of {@code spec}'s fields
     */
    AskedContainers(String name, String pod) {
        this.name = name;
        this.pod = pod;
    }

    /** A shell's line, in a container that has these fields. */
    AskedContainers shell(String about, String line, String fields, String answer) {
        return container(about, "command: [sh, -c, '" + line + "']\n" + fields, answer);
    }

    AskedContainers container(String about, String fields, String answer) {
        asked.add(new Asked(about, fields, answer));
        return this;
    }

    String manifest() {
        StringBuilder manifest =
                new StringBuilder(
                        """
                        apiVersion: v1
                        kind: Pod
                        metadata:
                          name: %s
                          labels: {app: asked, tier: two-words}
                          annotations: {note: "as written"}
                        spec:
                          restartPolicy: Never
                          terminationGracePeriodSeconds: 1
                        """
                                .formatted(name));
        manifest.append(pod.indent(2)).append("  containers:\n");
        for (int i = 0; i < asked.size(); i++) {
            manifest.append("  - name: c%d\n".formatted(i))
                    .append("    image: hypernetes/hello\n")
                    .append("    imagePullPolicy: IfNotPresent\n")
                    .append(asked.get(i).container().indent(4));
        }
        return manifest.toString();
    }

    /** All of them, once the pod has succeeded; every wrong answer is told. */
    void areAnswered(NodeCloud cloud, String tenant) {
        cloud.await(name + " to end; " + cloud.events(tenant, name), () -> hasEnded(cloud, tenant));
        SoftAssertions softly = new SoftAssertions();
        for (int i = 0; i < asked.size(); i++) {
            String said = cloud.kubectl(tenant, "logs", name, "-c", "c" + i).output().strip();
            softly.assertThat(said)
                    .as(asked.get(i).about())
                    .matches("(?s)" + asked.get(i).answer());
        }
        softly.assertAll();
        assertThat(pod(cloud, tenant).at("/status/phase").asString()).isEqualTo("Succeeded");
    }

    private JsonNode pod(NodeCloud cloud, String tenant) {
        return cloud.get(tenant, "pod", name);
    }

    private boolean hasEnded(NodeCloud cloud, String tenant) {
        String phase = pod(cloud, tenant).at("/status/phase").asString("");
        return phase.equals("Succeeded") || phase.equals("Failed");
    }
}
