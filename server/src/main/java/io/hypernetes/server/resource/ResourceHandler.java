package io.hypernetes.server.resource;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.Status.Reason;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.access.Authorizer;
import io.hypernetes.api.access.EscalationGuard;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.api.types.UnstoredTypes;
import io.hypernetes.api.types.WorldTypes;
import io.hypernetes.server.access.Gate;
import io.hypernetes.server.access.Session;
import io.hypernetes.server.http.Bodies;
import io.hypernetes.server.http.Exchange;
import io.hypernetes.server.http.Pace;
import io.hypernetes.server.http.Reply;
import io.hypernetes.server.output.Answers;
import io.hypernetes.server.output.Statuses;
import io.hypernetes.server.registry.Applied;
import io.hypernetes.server.registry.ApplyRequest;
import io.hypernetes.server.registry.DeleteRequest;
import io.hypernetes.server.registry.ListRequest;
import io.hypernetes.server.registry.Page;
import io.hypernetes.server.registry.PatchRequest;
import io.hypernetes.server.registry.Reads;
import io.hypernetes.server.registry.Served;
import io.hypernetes.server.registry.Writes;
import io.hypernetes.server.registry.Written;
import io.hypernetes.server.request.RequestInfo;
import io.hypernetes.server.request.RequestTimeout;

import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** get, list, watch, create, update, patch, delete and deletecollection of every resource. */
public final class ResourceHandler {
    private static final Set<String> BUILTIN_ROOTS =
            BuiltinTypes.ALL.stream()
                    .map(ResourceHandler::root)
                    .collect(Collectors.toUnmodifiableSet());

    private final WorldTypes types;
    private final Reads reads;
    private final Writes writes;
    private final WatchHandler watches;
    private final Scales scales;
    private final Subresources subresources;
    private final Decoding decoding;
    private final EscalationGuard guard;
    private final Authorizer authorizer;

    public ResourceHandler(
            WorldTypes types,
            Reads reads,
            Writes writes,
            Subresources subresources,
            Decoding decoding,
            EscalationGuard guard,
            Authorizer authorizer,
            Gate gate) {
        this.guard = guard;
        this.authorizer = authorizer;
        this.types = types;
        this.reads = reads;
        this.writes = writes;
        this.watches = new WatchHandler(types, reads, gate);
        this.scales = new Scales(reads, writes, decoding);
        this.subresources = subresources;
        this.decoding = decoding;
    }

    /** Where upstream's code keeps the kinds of options; messages name it. */
    private static final String OPTIONS_SCHEME =
            "k8s.io/apimachinery/pkg/apis/meta/internalversion/scheme/register.go:27";

    public static ApiException notServed() {
        return ApiException.of(
                Reason.NOT_FOUND, "the server could not find the requested resource");
    }

    /**
     * Refuses a path that is not served: upstream's router answers with a Status below its own
     * groups, and with a page anywhere else. Throws NotFound.
     */
    public static void refuseNotServed(Exchange exchange, String path) throws IOException {
        if (BUILTIN_ROOTS.stream().anyMatch(root -> (path + "/").startsWith(root + "/"))) {
            throw notServed();
        }
        exchange.reply(
                Reply.text(404, "404 page not found\n").with("X-Content-Type-Options", "nosniff"));
    }

    private static String root(ResourceType type) {
        return type.id().group().isEmpty() ? "/api" : "/apis/" + type.id().group();
    }

    public static ApiException methodNotAllowed() {
        return ApiException.of(
                Reason.METHOD_NOT_ALLOWED,
                "the server does not allow this method on the requested resource");
    }

    /** The same in the words of upstream's handler of custom resources, if it is one. */
    static ApiException methodNotAllowed(ResourceRequest request) {
        return request.type().schema().isCustom()
                ? ApiException.methodNotSupported(request.type().id(), request.info().verb())
                : methodNotAllowed();
    }

    /** Tenants and users exist once, in the operator's world. */
    public static boolean isServedToTenants(ResourceType type) {
        return !type.id().equals(BuiltinTypes.TENANTS.id())
                && !type.id().equals(BuiltinTypes.USERS.id());
    }

    public void handle(Exchange exchange, Session session, RequestInfo info)
            throws IOException, InterruptedException {
        if (!info.verb().equals("watch")) {
            RequestTimeout.check(exchange.query());
        }
        if (isBinding(info)) {
            subresources.bind(
                    new ResourceRequest(
                            exchange, session, info, BuiltinTypes.PODS, guard, authorizer));
            return;
        }
        Optional<ResourceType> found =
                types.find(
                                session.world().orElse(Tenant.SYSTEM),
                                info.group(),
                                info.version(),
                                info.resource())
                        .filter(t -> session.isSystemWorld() || isServedToTenants(t));
        if (found.isEmpty()) {
            refuseNotServed(exchange, info.path());
            return;
        }
        ResourceType type = found.get();
        checkScope(type, info);
        if (exchange.method().equals("HEAD") && !info.subresource().equals("proxy")) {
            throw methodNotAllowed();
        }
        ResourceRequest request =
                new ResourceRequest(exchange, session, info, type, guard, authorizer);
        type.strategy().deprecation().ifPresent(request.warnings()::add);
        try {
            dispatch(request);
        } catch (ApiException e) {
            request.announceWarnings();
            throw e;
        }
    }

    private void dispatch(ResourceRequest request) throws IOException, InterruptedException {
        switch (request.info().subresource()) {
            case "" -> handleObject(request);
            case "status", "finalize", "approval", "ephemeralcontainers", "resize" -> {
                requireSubresource(request);
                handlePart(request);
            }
            case "scale" -> {
                requireSubresource(request);
                scales.handle(request);
            }
            default -> {
                requireSubresource(request);
                subresources.handle(request);
            }
        }
    }

    /** A POST to {@code bindings} in a namespace; any other verb is not allowed. */
    private static boolean isBinding(RequestInfo info) {
        boolean bindings =
                info.group().isEmpty()
                        && info.version().equals("v1")
                        && info.resource().equals(UnstoredTypes.BINDINGS.id().resource());
        if (!bindings) {
            return false;
        }
        if (info.namespace().isEmpty()) {
            throw notServed();
        }
        if (!info.verb().equals("create") || !info.name().isEmpty()) {
            throw methodNotAllowed();
        }
        return true;
    }

    /** Ends all watches, for a server that stops. */
    public void endWatches() {
        watches.endAll();
    }

    /** Ends the watches of custom resources whose definition has changed. */
    public void endOutdatedWatches(Tenant tenant) {
        watches.endOutdated(tenant);
    }

    private static void checkScope(ResourceType type, RequestInfo info) {
        boolean inNamespace = !info.namespace().isEmpty();
        boolean namespaceItself = type.id().equals(BuiltinTypes.NAMESPACES.id());
        if (!type.namespaced() && inNamespace && !namespaceItself) {
            throw notServed();
        }
        if (type.namespaced() && !inNamespace) {
            // pods/x without a namespace is no path; pods alone is the list over all of them.
            if (!info.subresource().isEmpty()) {
                throw notServed();
            }
            switch (info.verb()) {
                case "list", "watch" -> {}
                case "create", "deletecollection" ->
                        throw info.name().isEmpty() ? methodNotAllowed() : notServed();
                default -> throw notServed();
            }
        }
    }

    private static void requireSubresource(ResourceRequest request) {
        ResourceType type = request.type();
        if (!type.subresources().contains(request.info().subresource())) {
            throw type.schema().isCustom()
                    ? ApiException.notFound(type.id(), request.info().name())
                    : notServed();
        }
    }

    private void handleObject(ResourceRequest request) throws IOException, InterruptedException {
        if (request.info().name().isEmpty()
                && Set.of("update", "patch").contains(request.info().verb())) {
            throw methodNotAllowed();
        }
        if (request.info().verb().equals("deletecollection")
                && request.type().id().equals(BuiltinTypes.NAMESPACES.id())) {
            throw methodNotAllowed();
        }
        switch (request.info().verb()) {
            case "get" -> get(request);
            case "list" -> list(request);
            case "watch" -> watches.handle(request);
            case "create" -> create(request);
            case "update" -> update(request, "");
            case "patch" -> patch(request, "");
            case "delete" -> delete(request);
            case "deletecollection" -> deleteCollection(request);
            default -> throw methodNotAllowed(request);
        }
    }

    private void handlePart(ResourceRequest request) throws IOException, InterruptedException {
        String part = request.info().subresource();
        switch (request.info().verb()) {
            case "get" -> get(request);
            case "update" -> update(request, part);
            case "patch" -> patch(request, part);
            default -> throw methodNotAllowed(request);
        }
    }

    private void get(ResourceRequest request) throws IOException, InterruptedException {
        Answers answers = request.answers();
        String version = request.query().get("resourceVersion");
        if (version.isEmpty()) {
            reads.awaitFresh();
        } else {
            reads.awaitFreshness(ListRequest.parseRevision(version));
        }
        Served object =
                reads.get(
                        request.type(),
                        request.session().tenant(),
                        request.namespace(),
                        request.info().name());
        request.reply(answers.object(200, request.type(), object));
    }

    private void list(ResourceRequest request) throws IOException, InterruptedException {
        Answers answers = request.answers();
        if (request.query().has("sendInitialEvents")) {
            throw ListRequest.initialEventsOfList();
        }
        Page page = reads.list(request.extent(), listRequest(request));
        request.reply(Pace.in(page.bytes(), () -> answers.list(request.type(), page)));
    }

    private static ListRequest listRequest(ResourceRequest request) {
        request.query().number("timeoutSeconds"); // of no use here, but a number
        return ListRequest.of(
                request.query().number("limit").orElse(0),
                request.query().get("continue"),
                request.query().get("resourceVersion"),
                request.query().get("resourceVersionMatch"));
    }

    private void create(ResourceRequest request) throws IOException, InterruptedException {
        if (!request.info().name().isEmpty()) {
            throw methodNotAllowed();
        }
        Answers answers = request.answers();
        WriteOptions.checkCreate(request.query());
        Supplier<ObjectNode> sent =
                decoding.manifests(
                        request.exchange(),
                        request.type(),
                        request.validation(),
                        request.warnings()::add);
        Served created = writes.create(request.call(), request.type(), request.namespace(), sent);
        request.reply(answers.object(201, request.type(), created));
    }

    private void update(ResourceRequest request, String subresource)
            throws IOException, InterruptedException {
        Answers answers = request.answers();
        WriteOptions.checkUpdate(request.query());
        ObjectNode object =
                decoding.manifest(
                        request.exchange(),
                        request.type(),
                        request.validation(),
                        request.warnings()::add);
        Applied written =
                writes.put(
                        request.call(),
                        request.type(),
                        request.namespace(),
                        request.info().name(),
                        subresource,
                        object);
        int code = written.created() ? 201 : 200;
        request.reply(answers.object(code, request.type(), written.object()));
    }

    private void patch(ResourceRequest request, String subresource)
            throws IOException, InterruptedException {
        Answers answers = request.answers();
        String mediaType = Decoding.mediaType(request.exchange());
        boolean applies = Patches.applies(mediaType, request.type());
        WriteOptions.checkPatch(request.query(), applies);
        if (applies) {
            apply(request, subresource, answers);
            return;
        }
        PatchRequest patch = Patches.read(request, mediaType);
        Written written =
                writes.patch(
                        request.call(),
                        request.type(),
                        request.namespace(),
                        request.info().name(),
                        subresource,
                        patch);
        request.reply(answers.object(200, request.type(), written.object()));
    }

    private void apply(ResourceRequest request, String subresource, Answers answers)
            throws IOException, InterruptedException {
        ObjectNode config =
                Patches.config(
                        Bodies.read(request.exchange()),
                        request.validation(),
                        request.warnings()::add);
        Applied applied =
                writes.apply(
                        request.call(),
                        request.type(),
                        request.namespace(),
                        request.info().name(),
                        subresource,
                        new ApplyRequest(config, request.query().flag("force")));
        int code = applied.created() ? 201 : 200;
        request.reply(answers.object(code, request.type(), applied.object()));
    }

    private void delete(ResourceRequest request) throws IOException, InterruptedException {
        Answers answers = request.answers();
        DeleteRequest options = deleteOptions(request);
        Written written =
                writes.delete(
                        request.call(),
                        request.type(),
                        request.namespace(),
                        request.info().name(),
                        options);
        Served object = written.object();
        if (written.removed() && !Written.isShownWhenRemoved(request.type())) {
            request.reply(
                    answers.tree(
                            200,
                            Statuses.deleted(request.type(), object.path().name(), object.uid())));
            return;
        }
        int code = !written.removed() && options.cascadeAsked() ? 202 : 200;
        request.reply(answers.object(code, request.type(), object));
    }

    private DeleteRequest deleteOptions(ResourceRequest request) {
        Optional<ObjectNode> options = decoding.optionalObject(request.exchange());
        String kind = options.map(o -> o.path("kind").asString("")).orElse("");
        if (!kind.isEmpty() && !kind.equals("DeleteOptions")) {
            throw ApiException.badRequest(
                    "no kind \"%s\" is registered for version \"%s\" in scheme \"%s\""
                            .formatted(
                                    kind,
                                    options.map(o -> o.path("apiVersion").asString("")).orElse(""),
                                    OPTIONS_SCHEME));
        }
        return DeleteRequest.of(options, request.query());
    }

    private void deleteCollection(ResourceRequest request)
            throws IOException, InterruptedException {
        Answers answers = request.answers();
        DeleteRequest options = deleteOptions(request);
        Tenant tenant = request.session().tenant();
        Page page = reads.list(request.extent(), listRequest(request));
        List<Served> deleted = new ArrayList<>();
        for (Served object : page.items()) {
            if (!object.tenant().equals(tenant)) {
                continue; // shared by the operator: in the list, but not the tenant's to delete
            }
            try {
                deleted.add(
                        writes.delete(
                                        request.call(),
                                        request.type(),
                                        object.path().namespace(),
                                        object.path().name(),
                                        options)
                                .object());
            } catch (ApiException e) {
                // Somebody else was faster: it is gone, as wished.
                if (!e.is(Reason.NOT_FOUND)) {
                    throw e;
                }
            }
        }
        request.reply(
                answers.list(
                        request.type(),
                        new Page(
                                page.revision(), deleted, page.continueToken(), page.remaining())));
    }
}
