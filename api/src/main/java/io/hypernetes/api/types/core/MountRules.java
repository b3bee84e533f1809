package io.hypernetes.api.types.core;

import io.hypernetes.api.types.kind.Field;
import io.hypernetes.api.types.kind.Paths;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Rules for how one container mounts the pod's volumes, as directories and as block devices. */
final class MountRules {

    private final Field container;
    private final Map<String, Field> volumes;

    MountRules(Field container, Map<String, Field> volumes) {
        this.container = container;
        this.volumes = volumes;
    }

    void check() {
        Field mounts = container.at("volumeMounts");
        Set<String> paths = new HashSet<>();
        mounts.items().forEach(mount -> mount(mounts, mount, paths));
        devices(container.at("volumeDevices"));
    }

    private static Set<String> values(Field list, String field) {
        return list.items().stream().map(item -> item.at(field).text()).collect(Collectors.toSet());
    }

    private void mount(Field mounts, Field mount, Set<String> paths) {
        Field name = mount.at("name");
        Field path = mount.at("mountPath");
        name.required();
        if (!volumes.containsKey(name.text())) {
            name.notFound();
        }
        path.required();
        if (!paths.add(path.text())) {
            path.invalid(path.text(), "must be unique");
        }
        Field devices = container.at("volumeDevices");
        if (values(devices, "name").contains(name.text())) {
            name.invalid("must not already exist in volumeDevices");
        }
        if (values(devices, "devicePath").contains(path.text())) {
            path.invalid("must not already exist as a path in volumeDevices");
        }
        subPaths(mounts, mount);
        propagation(mounts, mount);
    }

    private void subPaths(Field mounts, Field mount) {
        Field path = mount.at("subPath");
        Field expression = mount.at("subPathExpr");
        // Upstream tells of the form of these at the list.
        if (path.isGiven()) {
            Paths.descending(mounts.at("subPath").with(path.value()));
        }
        if (expression.isGiven()) {
            if (path.isGiven()) {
                expression.invalid("subPathExpr and subPath are mutually exclusive");
            }
            Paths.descending(mounts.at("subPathExpr").with(expression.value()));
        }
    }

    private void propagation(Field mounts, Field mount) {
        Field mode = mounts.at("mountPropagation").with(mount.at("mountPropagation").value());
        if (mode.isSet()) {
            mode.oneOf("Bidirectional", "HostToContainer", "None");
            boolean privileged = container.at("securityContext", "privileged").flag();
            if (mode.is("Bidirectional") && !privileged) {
                mode.forbidden(
                        "Bidirectional mount propagation is available only to privileged"
                                + " containers");
            }
        }
        Field recursive =
                mounts.at("recursiveReadOnly").with(mount.at("recursiveReadOnly").value());
        if (!recursive.isSet() || recursive.is("Disabled")) {
            return;
        }
        recursive.oneOf("Disabled", "Enabled", "IfPossible");
        if (recursive.is("Enabled") || recursive.is("IfPossible")) {
            if (!mount.at("readOnly").flag()) {
                recursive.forbidden("may only be specified when readOnly is true");
            }
            if (mode.isSet() && !mode.is("None")) {
                recursive.forbidden(
                        "may only be specified when mountPropagation is None or not specified");
            }
        }
    }

    private void devices(Field devices) {
        Set<String> names = new HashSet<>();
        Set<String> paths = new HashSet<>();
        for (Field device : devices.items()) {
            Field name = device.at("name");
            name.required();
            if (name.isGiven() && !names.add(name.text())) {
                name.invalid("must be unique");
            }
            volume(name);
            Field path = device.at("devicePath");
            path.required();
            if (paths.contains(path.text())) {
                path.invalid(path.text(), "must be unique");
            }
            if (path.isGiven() && path.text().matches("(.*/)?\\.\\.(/.*)?")) {
                path.invalid("can not contain backsteps ('..')");
            } else {
                paths.add(path.text());
            }
            Field mounts = container.at("volumeMounts");
            if (values(mounts, "name").contains(name.text())) {
                name.invalid("must not already exist in volumeMounts");
            }
            if (values(mounts, "mountPath").contains(path.text())) {
                path.invalid("must not already exist as a path in volumeMounts");
            }
        }
    }

    private void volume(Field name) {
        Field volume = volumes.get(name.text());
        if (volume == null) {
            name.notFound();
        } else if (!volume.at("persistentVolumeClaim").isSet() && !volume.at("ephemeral").isSet()) {
            name.invalid(
                    "can only use volume source type of PersistentVolumeClaim or Ephemeral for"
                            + " block mode");
        }
    }
}
