package io.hypernetes.server.streaming;

import io.hypernetes.api.GroupVersionKind;
import io.hypernetes.api.json.Json;
import io.hypernetes.server.admission.Admission;
import io.hypernetes.server.admission.AdmissionRequest;
import io.hypernetes.server.http.Query;
import io.hypernetes.server.resource.ResourceRequest;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;

/**
 * Admission of what is not stored: connections, whose options the controllers see as an object of
 * the kind that upstream has for them ({@code PodExecOptions}), and subresources that are created.
 */
final class ActionAdmission {
    private static final List<String> FLAGS = List.of("stdin", "stdout", "stderr", "tty");

    private final Admission admission;

    ActionAdmission(Admission admission) {
        this.admission = admission;
    }

    /** Throws what a controller refuses with, usually Forbidden. */
    void connect(ResourceRequest request) throws InterruptedException {
        String subresource = request.info().subresource().split("/", 2)[0];
        GroupVersionKind kind =
                new GroupVersionKind("", "v1", optionsKind(request.type().kind(), subresource));
        ObjectNode options =
                Json.object().put("kind", kind.kind()).put("apiVersion", kind.apiVersion());
        switch (subresource) {
            case "exec", "attach" -> commandOptions(options, request.query());
            case "portforward" -> ports(options, request.query());
            default -> options.put("path", pathBehind(request.info().subresource()));
        }
        admission.admit(
                AdmissionRequest.connect(
                        request.call(),
                        request.type(),
                        subresource,
                        kind,
                        request.namespace(),
                        request.info().name(),
                        options));
    }

    /** The same for an Eviction, a Binding, a TokenRequest; {@code object} may be changed. */
    void create(ResourceRequest request, GroupVersionKind kind, ObjectNode object)
            throws InterruptedException {
        create(request, request.info().subresource(), request.info().name(), kind, object);
    }

    /** For a path that names the subresource and its object in another way. */
    void create(
            ResourceRequest request,
            String subresource,
            String name,
            GroupVersionKind kind,
            ObjectNode object)
            throws InterruptedException {
        admission.admit(
                AdmissionRequest.createSubresource(
                        request.call(),
                        request.type(),
                        subresource,
                        kind,
                        request.namespace(),
                        name,
                        object));
    }

    private static String optionsKind(String kind, String subresource) {
        return switch (subresource) {
            case "exec" -> "PodExecOptions";
            case "attach" -> "PodAttachOptions";
            case "portforward" -> "PodPortForwardOptions";
            default -> kind + "ProxyOptions";
        };
    }

    private static void commandOptions(ObjectNode options, Query query) {
        for (String flag : FLAGS) {
            if (query.flag(flag)) {
                options.put(flag, true);
            }
        }
        if (query.has("container")) {
            options.put("container", query.get("container"));
        }
        if (query.has("command")) {
            ArrayNode command = options.putArray("command");
            query.all("command").forEach(command::add);
        }
    }

    private static void ports(ObjectNode options, Query query) {
        ArrayNode ports = options.putArray("ports");
        for (String list : query.all("ports")) {
            for (String port : list.split(",", -1)) {
                if (port.matches("[0-9]{1,5}")) {
                    ports.add(Integer.parseInt(port));
                }
            }
        }
    }

    private static String pathBehind(String subresource) {
        int slash = subresource.indexOf('/');
        return slash < 0 ? "" : subresource.substring(slash + 1);
    }
}
