package io.hypernetes.installation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import java.io.IOException;

/**
 * Claims of {@code volumeMode: Block}, a disk of the virtual machine at the path asked for; and
 * volumes that are images.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class VolumeKindsIT {

    private static final String ACME = "acme";

    private static final String CLAIM =
            """
            apiVersion: v1
            kind: PersistentVolumeClaim
            metadata: {name: %s}
            spec: {accessModes: [ReadWriteOnce], volumeMode: %s, resources: {requests: {storage: 4Mi}}}
            """;

    private static final String POD =
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: %s}
            spec:
              terminationGracePeriodSeconds: 0
              volumes: [{name: disk, persistentVolumeClaim: {claimName: %s}}]
              containers:
              - name: main
                image: hypernetes/hello
                imagePullPolicy: IfNotPresent
                command: [sleep, "100000"]
                %s
            """;

    private static final String DEVICE = "volumeDevices: [{name: disk, devicePath: /dev/xvda}]";
    private static final String FOLDER = "volumeMounts: [{name: disk, mountPath: /disk}]";

    private NodeCloud cloud;

    @BeforeAll
    void start() throws IOException, InterruptedException {
        cloud = NodeCloud.get();
    }

    @AfterAll
    void remove() {
        cloud.kubectl(ACME, "delete", "pvc", "raw", "files", "--ignore-not-found").succeeded();
    }

    private void delete(String pod) {
        cloud.kubectl(ACME, "delete", "pod", pod, "--now").succeeded();
    }

    private NodeCloud.Run in(String pod, String line) {
        return cloud.exec(ACME, pod, "main", line);
    }

    @Test
    void whatIsWrittenToTheDeviceIsThereForTheNextPod() {
        cloud.apply(ACME, CLAIM.formatted("raw", "Block"));
        cloud.apply(ACME, POD.formatted("first", "raw", DEVICE));
        cloud.awaitReady(ACME, "first");
        assertThat(in("first", "[ -b /dev/xvda ] && wc -c < /dev/xvda").text())
                .isEqualTo("4194304");
        in("first", "echo kept | dd of=/dev/xvda bs=4096 seek=9 conv=fsync").succeeded();
        delete("first");
        cloud.apply(ACME, POD.formatted("second", "raw", DEVICE));
        cloud.awaitReady(ACME, "second");
        assertThat(
                        in("second", "dd if=/dev/xvda bs=4096 skip=9 count=1 2>/dev/null | head -1")
                                .text())
                .isEqualTo("kept");
        delete("second");
    }

    @Test
    void anImageIsAVolume() {
        cloud.apply(
                ACME,
                """
                apiVersion: v1
                kind: Pod
                metadata: {name: pictured}
                spec:
                  terminationGracePeriodSeconds: 0
                  volumes:
                  - {name: files, image: {reference: hypernetes/hello, pullPolicy: IfNotPresent}}
                  containers:
                  - name: main
                    image: hypernetes/hello
                    imagePullPolicy: IfNotPresent
                    command: [sleep, "100000"]
                    volumeMounts:
                    - {name: files, mountPath: /files}
                    - {name: files, mountPath: /pages, subPath: www}
                """);
        cloud.awaitReady(ACME, "pictured");
        assertThat(in("pictured", "cmp /files/www/cgi-bin/index.cgi /www/cgi-bin/index.cgi").exit())
                .isZero();
        assertThat(in("pictured", "cmp /pages/cgi-bin/index.cgi /www/cgi-bin/index.cgi").exit())
                .isZero();
        assertThat(in("pictured", "touch /files/x").output()).contains("Read-only file system");
        delete("pictured");
    }

    @Test
    void aDeviceIsNoFolderAndAFolderNoDevice() {
        cloud.apply(ACME, CLAIM.formatted("files", "Filesystem"));
        cloud.apply(ACME, POD.formatted("wrong", "files", DEVICE));
        cloud.await(
                "the reason",
                () ->
                        cloud.events(ACME, "wrong")
                                .contains(
                                        "volume disk has volumeMode Filesystem, but is specified"
                                                + " in volumeDevices"));
        delete("wrong");
        cloud.apply(ACME, POD.formatted("right", "files", FOLDER));
        cloud.awaitReady(ACME, "right");
        delete("right");
    }
}
