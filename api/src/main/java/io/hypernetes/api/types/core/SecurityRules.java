package io.hypernetes.api.types.core;

import io.hypernetes.api.names.Names;
import io.hypernetes.api.types.kind.Field;
import io.hypernetes.api.types.kind.GoStruct;
import io.hypernetes.api.types.kind.Paths;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Rules for who a pod and its containers run as, and what their kernel lets them do. */
final class SecurityRules {

    private static final int MAX_SYSCTL = 253;
    private static final int MAX_PROFILE_PATH = 4095;
    private static final String SYSCTL =
            "^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$";
    private static final Pattern IS_SYSCTL = Pattern.compile(SYSCTL);

    private static final List<String> NOT_FOR_WINDOWS_PODS =
            List.of(
                    "appArmorProfile",
                    "seLinuxOptions",
                    "seccompProfile",
                    "fsGroup",
                    "fsGroupChangePolicy",
                    "sysctls",
                    "runAsUser",
                    "runAsGroup",
                    "supplementalGroups",
                    "supplementalGroupsPolicy",
                    "seLinuxChangePolicy");

    private static final List<String> NOT_FOR_WINDOWS_CONTAINERS =
            List.of(
                    "appArmorProfile",
                    "seLinuxOptions",
                    "seccompProfile",
                    "capabilities",
                    "readOnlyRootFilesystem",
                    "privileged",
                    "allowPrivilegeEscalation",
                    "procMount",
                    "runAsUser",
                    "runAsGroup");

    private SecurityRules() {}

    static void ofPod(Field spec) {
        Field context = spec.at("securityContext");
        for (String id : List.of("fsGroup", "runAsUser", "runAsGroup")) {
            context.at(id).ifSet().between(0, Integer.MAX_VALUE);
        }
        for (Field group : context.at("supplementalGroups").items()) {
            group.between(0, Integer.MAX_VALUE);
        }
        if (spec.at("shareProcessNamespace").flag() && spec.at("hostPID").flag()) {
            context.at("shareProcessNamespace")
                    .invalid(true, "ShareProcessNamespace and HostPID cannot both be enabled");
        }
        sysctls(spec, context.at("sysctls"));
        context.at("fsGroupChangePolicy").ifSet().oneOf("Always", "OnRootMismatch");
        seccomp(context.at("seccompProfile"));
        windows(context.at("windowsOptions"));
        appArmor(context.at("appArmorProfile"));
        context.at("supplementalGroupsPolicy").ifSet().oneOf("Merge", "Strict");
        context.at("seLinuxChangePolicy").ifSet().oneOf("Recursive");
    }

    private static void sysctls(Field spec, Field sysctls) {
        for (Field sysctl : sysctls.items()) {
            Field name = sysctl.at("name").required();
            String text = name.text();
            boolean good = text.length() <= MAX_SYSCTL && IS_SYSCTL.matcher(text).matches();
            if (name.isGiven() && !good) {
                name.invalid(
                        "must have at most "
                                + MAX_SYSCTL
                                + " characters and match regex "
                                + SYSCTL);
            }
            if (spec.at("hostNetwork").flag() && text.startsWith("net.")) {
                name.invalid("may not be specified when 'hostNetwork' is true");
            }
            if (spec.at("hostIPC").flag() && isIpc(text)) {
                name.invalid("may not be specified when 'hostIPC' is true");
            }
        }
        sysctls.distinct("name");
    }

    private static boolean isIpc(String sysctl) {
        return sysctl.equals("kernel.sem")
                || sysctl.startsWith("kernel.shm")
                || sysctl.startsWith("kernel.msg")
                || sysctl.startsWith("fs.mqueue.");
    }

    static boolean sharesHostUsers(Field spec) {
        return !spec.at("hostUsers").isSet() || spec.at("hostUsers").flag();
    }

    /** A pod with users of its own shares no other namespace with the node. */
    static void hostUsers(Field spec) {
        if (sharesHostUsers(spec)) {
            return;
        }
        String detail = "when `pod.Spec.HostUsers` is false";
        if (spec.at("hostNetwork").flag()) {
            spec.at("hostNetwork").forbidden(detail);
        }
        if (spec.at("hostPID").flag()) {
            spec.at("HostPID").forbidden(detail);
        }
        if (spec.at("hostIPC").flag()) {
            spec.at("HostIPC").forbidden(detail);
        }
    }

    static void ofContainer(Field context, boolean hostUsers) {
        context.at("runAsUser").ifSet().between(0, Integer.MAX_VALUE);
        context.at("runAsGroup").ifSet().between(0, Integer.MAX_VALUE);
        Field procMount = context.at("procMount");
        procMount.ifSet().oneOf("Default", "Unmasked");
        if (hostUsers && procMount.is("Unmasked")) {
            procMount.invalid("`hostUsers` must be false to use `Unmasked`");
        }
        seccomp(context.at("seccompProfile"));
        Field escalation = context.at("allowPrivilegeEscalation");
        if (escalation.isSet() && !escalation.flag()) {
            if (context.at("privileged").flag()) {
                context.invalid(
                        "cannot set `allowPrivilegeEscalation` to false and `privileged` to true");
            }
            if (context.at("capabilities", "add").texts().contains("CAP_SYS_ADMIN")) {
                context.invalid(
                        "cannot set `allowPrivilegeEscalation` to false and `capabilities.Add`"
                                + " CAP_SYS_ADMIN");
            }
        }
        windows(context.at("windowsOptions"));
        appArmor(context.at("appArmorProfile"));
    }

    private static void seccomp(Field profile) {
        if (!profile.isSet()) {
            return;
        }
        profile.at("type")
                .required("type is required when seccompProfile is set")
                .oneOf("Localhost", "RuntimeDefault", "Unconfined");
        Field path = profile.at("localhostProfile");
        if (!profile.at("type").is("Localhost")) {
            if (path.isSet()) {
                path.invalid(
                        GoStruct.of(profile.value(), List.of("type", "localhostProfile")),
                        "can only be set when seccomp type is Localhost");
            }
        } else if (path.isSet()) {
            Paths.descending(path);
        } else {
            path.tellRequired("must be set when seccomp type is Localhost");
        }
    }

    private static void appArmor(Field profile) {
        if (!profile.isSet()) {
            return;
        }
        Field type = profile.at("type");
        Field path = profile.at("localhostProfile");
        type.required("type is required when appArmorProfile is set")
                .oneOf("Localhost", "RuntimeDefault", "Unconfined");
        if (type.is("Localhost")) {
            if (!path.text().strip().equals(path.text())) {
                path.invalid("must not be padded with whitespace");
            } else {
                path.required("must be set when AppArmor type is Localhost");
            }
            if (path.text().length() > MAX_PROFILE_PATH) {
                path.tooLong(MAX_PROFILE_PATH);
            }
        } else if (path.isSet() && (type.is("RuntimeDefault") || type.is("Unconfined"))) {
            path.invalid("can only be set when AppArmor type is Localhost");
        }
    }

    private static void windows(Field options) {
        Field user = options.at("runAsUserName");
        if (user.isSet() && user.text().isEmpty()) {
            user.invalid("runAsUserName cannot be an empty string");
        }
        options.at("gmsaCredentialSpecName").ifSet().form(Names::dnsSubdomain);
        Field spec = options.at("gmsaCredentialSpec");
        if (spec.isSet() && spec.text().isEmpty()) {
            spec.invalid("gmsaCredentialSpec cannot be an empty string");
        }
    }

    /** What a pod may not set when it says for which system it is. */
    static void operatingSystem(Field spec) {
        Field system = spec.at("os");
        if (!system.isSet()) {
            return;
        }
        if (system.at("name").isGiven()) {
            // Upstream tells of the name at its owner.
            system.with(system.at("name").value()).oneOf("linux", "windows");
        } else {
            system.at("name").tellRequired("");
        }
        switch (system.at("name").text()) {
            case "linux" -> {
                String detail = "windows options cannot be set for a linux pod";
                spec.at("securityContext", "windowsOptions").forbiddenIfSet(detail);
                for (Field context : contexts(spec)) {
                    context.at("windowsOptions").forbiddenIfSet(detail);
                }
            }
            case "windows" -> notForWindows(spec);
            default -> {}
        }
    }

    private static void notForWindows(Field spec) {
        String detail = "cannot be set for a windows pod";
        for (String field : NOT_FOR_WINDOWS_PODS) {
            spec.at("securityContext", field).forbiddenIfSet(detail);
        }
        spec.at("hostUsers").forbiddenIfSet(detail);
        spec.at("shareProcessNamespace").forbiddenIfSet(detail);
        for (String field : List.of("hostPID", "hostIPC")) {
            if (spec.at(field).flag()) {
                spec.at(field).forbidden(detail);
            }
        }
        for (Field context : contexts(spec)) {
            NOT_FOR_WINDOWS_CONTAINERS.forEach(field -> context.at(field).forbiddenIfSet(detail));
        }
    }

    private static List<Field> contexts(Field spec) {
        List<Field> contexts = new ArrayList<>();
        for (String list : ContainerLists.ALL) {
            spec.at(list).items().forEach(c -> contexts.add(c.at("securityContext")));
        }
        return contexts;
    }
}
