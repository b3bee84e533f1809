package io.hypernetes.tenancy;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.client.Selection;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.controllerruntime.Controller;
import io.hypernetes.controllerruntime.EventRecorder;
import io.hypernetes.controllerruntime.Informer;
import io.hypernetes.controllerruntime.Reconciler;
import io.hypernetes.identity.keystone.KeystoneService;
import io.hypernetes.identity.keystone.KeystoneService.Project;
import io.hypernetes.identity.keystone.KeystoneService.RefusedException;
import io.hypernetes.identity.keystone.Named;
import io.hypernetes.identity.remote.UnreachableException;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.Clock;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * Keeps Tenants and the projects of Keystone together: finds the project that a Tenant claims, or
 * makes it, and from then on holds to its id. What happens to the project is said in the condition
 * {@code KeystoneProject} and in events; nothing of a tenant's is ever deleted for it.
 *
 * <p>A project that is made carries a tag with the Tenant's uid, so that one that a crash left
 * behind is found again and no other is ever taken for it.
 */
public final class ProjectController implements Reconciler<ObjectKey>, AutoCloseable {

    /** Held by a Tenant whose project is to go with it. */
    public static final String FINALIZER = "hypernetes.io/keystone-project";

    static final String CONDITION = "KeystoneProject";

    /** Reasons that stay as they are while nothing happens. */
    private static final Set<String> GOOD =
            Set.of("ProjectAdopted", "ProjectCreated", "ProjectRenamed", "ProjectFound");

    private static final int WORKERS = 4;
    private static final Pattern ID = Pattern.compile("[0-9a-f]{32}");

    private final Client client;
    private final KeystoneService keystone;
    private final KeystoneDuties duties;
    private final Clock clock;
    private final Objects objects;
    private final EventRecorder events;
    private final Informer tenants;
    private final Controller<ObjectKey> controller;

    public ProjectController(
            Client client, KeystoneService keystone, KeystoneDuties duties, Clock clock) {
        this.client = client;
        this.keystone = keystone;
        this.duties = duties;
        this.clock = clock;
        this.objects = new Objects(client);
        this.events = new EventRecorder(client, BuiltinTypes.EVENTS, "project-controller", clock);
        this.tenants = new Informer(client, BuiltinTypes.TENANTS, Selection.of(Tenant.SYSTEM));
        this.controller = Controller.of("keystone-project", WORKERS, tenants, this);
    }

    public ProjectController start() {
        controller.start();
        return this;
    }

    @Override
    public void close() {
        controller.close();
        tenants.close();
    }

    @Override
    public Result reconcile(ObjectKey key) {
        Optional<ObjectNode> tenant = client.find(BuiltinTypes.TENANTS, key);
        if (tenant.isEmpty() || isOperators(tenant.get())) {
            return DONE;
        }
        try {
            return Metadata.isBeingDeleted(tenant.get())
                    ? release(key, tenant.get())
                    : look(key, tenant.get());
        } catch (UnreachableException e) {
            say(key, new StatusCondition(CONDITION, "Unknown", "KeystoneUnreachable", text(e)));
        } catch (RefusedException e) {
            say(key, StatusCondition.of(CONDITION, false, "KeystoneRefuses", text(e)));
        }
        return Reconciler.again(duties.every());
    }

    /** The system world is a project only where its object says so. */
    private static boolean isOperators(ObjectNode tenant) {
        return Metadata.name(tenant).equals(Tenant.SYSTEM.name())
                && spec(tenant).path("project").asString("").isEmpty();
    }

    private Result look(ObjectKey key, ObjectNode tenant) {
        JsonNode pin = tenant.path("status").path("keystone");
        String id = pin.path("projectId").asString("");
        if (!id.isEmpty() && pin.path("claim").asString("").equals(claim(tenant))) {
            keystone.project(id)
                    .ifPresentOrElse(
                            project -> known(key, tenant, project), () -> removed(key, pin));
        } else {
            find(tenant)
                    .ifPresentOrElse(
                            project -> adopt(key, tenant, project), () -> missing(key, tenant));
        }
        return Reconciler.again(duties.every());
    }

    /** The claim is resolved by id, or by name once and by the id that was found from then on. */
    private Optional<Project> find(ObjectNode tenant) {
        String claim = claim(tenant);
        if (ID.matcher(claim).matches()) {
            return keystone.project(claim);
        }
        Named.Written written = Named.Written.parse(claim);
        return keystone.domainOf(written)
                .flatMap(domain -> keystone.projectNamed(written.name(), domain));
    }

    private void adopt(ObjectKey key, ObjectNode tenant, Project project) {
        boolean ours = project.tags().contains(tag(tenant));
        if (spec(tenant).path("create").asBoolean(false) && !ours) {
            say(
                    key,
                    StatusCondition.of(
                            CONDITION,
                            false,
                            "ProjectExists",
                            "there is a project '"
                                    + project.name()
                                    + "' that was not made for this tenant: remove"
                                    + " spec.keystone.create to take it"));
            return;
        }
        pin(key, tenant, project, ours);
    }

    private void missing(ObjectKey key, ObjectNode tenant) {
        String claim = claim(tenant);
        if (!spec(tenant).path("create").asBoolean(false)) {
            say(
                    key,
                    StatusCondition.of(
                            CONDITION,
                            false,
                            "ProjectNotFound",
                            "Keystone has no project '" + claim + "'"));
        } else if (!duties.create()) {
            say(
                    key,
                    StatusCondition.of(
                            CONDITION,
                            false,
                            "CreationNotAllowed",
                            "the server runs without --keystone-create"));
        } else if (ID.matcher(claim).matches()) {
            say(
                    key,
                    StatusCondition.of(
                            CONDITION,
                            false,
                            "ProjectNotFound",
                            "a project is made by name: spec.keystone.project is an id"));
        } else {
            make(key, tenant, Named.Written.parse(claim));
        }
    }

    private void make(ObjectKey key, ObjectNode tenant, Named.Written name) {
        Optional<String> domain = keystone.domainOf(name);
        if (domain.isEmpty()) {
            say(
                    key,
                    StatusCondition.of(
                            CONDITION,
                            false,
                            "DomainNotFound",
                            "Keystone has no domain '" + name.domain().orElse("") + "'"));
            return;
        }
        hold(key, tenant, true); // before there is something to leave behind
        Project project =
                keystone.createProject(
                        name.name(),
                        domain.get(),
                        "of Hypernetes' tenant " + key.name(),
                        tag(tenant));
        pin(key, tenant, project, true);
    }

    private void pin(ObjectKey key, ObjectNode tenant, Project project, boolean created) {
        String reason = created ? "ProjectCreated" : "ProjectAdopted";
        write(
                key,
                state(project, reason, "the tenant is project '" + project.name() + "'"),
                status ->
                        status.putObject("keystone")
                                .put("claim", claim(tenant))
                                .put("projectId", project.id())
                                .put("projectName", project.name())
                                .put("created", created));
    }

    private void known(ObjectKey key, ObjectNode tenant, Project project) {
        JsonNode pin = tenant.path("status").path("keystone");
        hold(key, tenant, pin.path("created").asBoolean(false));
        String before = pin.path("projectName").asString("");
        if (!before.equals(project.name())) {
            write(
                    key,
                    state(
                            project,
                            "ProjectRenamed",
                            "project '" + before + "' is called '" + project.name() + "' now"),
                    status -> status.withObject("keystone").put("projectName", project.name()));
        } else if (!project.enabled() || !GOOD.contains(reason(tenant))) {
            say(
                    key,
                    state(
                            project,
                            "ProjectFound",
                            "the tenant is project '" + project.name() + "'"));
        }
    }

    private void removed(ObjectKey key, JsonNode pin) {
        say(
                key,
                StatusCondition.of(
                        CONDITION,
                        false,
                        "ProjectRemoved",
                        "project '"
                                + pin.path("projectName").asString("")
                                + "' is gone from Keystone: nobody gets in, everything stays until"
                                + " the operator deletes the tenant or names another project in"
                                + " spec.keystone.project"));
    }

    private static StatusCondition state(Project project, String reason, String message) {
        return project.enabled()
                ? StatusCondition.of(CONDITION, true, reason, message)
                : StatusCondition.of(
                        CONDITION,
                        false,
                        "ProjectDisabled",
                        "project '"
                                + project.name()
                                + "' is disabled in Keystone: nobody gets in, everything stays");
    }

    /** The finalizer is there exactly while the project is to go with its tenant. */
    private void hold(ObjectKey key, ObjectNode tenant, boolean created) {
        if (created && isToGo(tenant)) {
            objects.addFinalizer(BuiltinTypes.TENANTS, key, tenant, FINALIZER);
        } else {
            objects.removeFinalizer(BuiltinTypes.TENANTS, key, FINALIZER);
        }
    }

    /** When the world is empty. A project that somebody else made by now stays. */
    private Result release(ObjectKey key, ObjectNode tenant) {
        if (!Metadata.finalizers(tenant).contains(FINALIZER)
                || Metadata.finalizers(tenant).contains(TenantController.FINALIZER)) {
            return DONE; // the change brings the key back
        }
        if (isToGo(tenant)) {
            String id = tenant.path("status").path("keystone").path("projectId").asString("");
            Optional<Project> project = id.isEmpty() ? find(tenant) : keystone.project(id);
            project.filter(found -> found.tags().contains(tag(tenant)))
                    .ifPresent(found -> keystone.deleteProject(found.id()));
        }
        objects.removeFinalizer(BuiltinTypes.TENANTS, key, FINALIZER);
        return DONE;
    }

    private static boolean isToGo(ObjectNode tenant) {
        return tenant.path("spec")
                .path("deletionPolicy")
                .path("keystoneProject")
                .asString("")
                .equals("Delete");
    }

    private void say(ObjectKey key, StatusCondition condition) {
        write(key, condition, _ -> {});
    }

    private void write(ObjectKey key, StatusCondition condition, Consumer<ObjectNode> change) {
        ConditionWriter.write(client, events, clock, BuiltinTypes.TENANTS, key, condition, change);
    }

    private static String reason(ObjectNode tenant) {
        for (JsonNode condition : tenant.path("status").path("conditions")) {
            if (condition.path("type").asString("").equals(CONDITION)) {
                return condition.path("reason").asString("");
            }
        }
        return "";
    }

    private static JsonNode spec(ObjectNode tenant) {
        return tenant.path("spec").path("keystone");
    }

    private static String claim(ObjectNode tenant) {
        String project = spec(tenant).path("project").asString("");
        return project.isEmpty() ? Metadata.name(tenant) : project;
    }

    private static String tag(ObjectNode tenant) {
        return "hypernetes-tenant-" + Metadata.uid(tenant);
    }

    private static String text(RuntimeException e) {
        return String.valueOf(e.getMessage());
    }
}
