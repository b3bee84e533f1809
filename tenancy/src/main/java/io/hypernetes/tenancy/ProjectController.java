package io.hypernetes.tenancy;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.controllerruntime.StatusCondition;
import io.hypernetes.identity.keystone.KeystoneService;
import io.hypernetes.identity.keystone.KeystoneService.Project;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.Clock;
import java.util.Optional;
import java.util.Set;

/**
 * Keeps Tenants and the projects of Keystone together, and says in the condition {@code
 * KeystoneProject} what became of a tenant's.
 */
public final class ProjectController extends KeystoneFollower<Project> {

    /** Held by a Tenant whose project is to go with it. */
    public static final String FINALIZER = "hypernetes.io/keystone-project";

    private static final Names NAMES =
            new Names(BuiltinTypes.TENANTS, "Project", "tenant", "project-controller");

    /** Reasons that stay as they are while nothing happens. */
    private static final Set<String> GOOD =
            Set.of("ProjectAdopted", "ProjectCreated", "ProjectRenamed", "ProjectFound");

    private final KeystoneService keystone;
    private final Objects objects;

    public ProjectController(
            Client client, KeystoneService keystone, KeystoneDuties duties, Clock clock) {
        super(client, keystone, duties, clock, NAMES);
        this.keystone = keystone;
        this.objects = new Objects(client);
    }

    public ProjectController start() {
        begin();
        return this;
    }

    /** The system world is a project only where its object says so. */
    @Override
    boolean hasCounterpart(ObjectNode tenant) {
        return !Metadata.name(tenant).equals(Tenant.SYSTEM.name())
                || !spec(tenant).path("project").asString("").isEmpty();
    }

    @Override
    String ownName(ObjectNode tenant) {
        return Metadata.name(tenant);
    }

    @Override
    Optional<Project> byId(String id) {
        return keystone.project(id);
    }

    @Override
    Optional<Project> byName(String name, String domainId) {
        return keystone.projectNamed(name, domainId);
    }

    @Override
    boolean isMarked(Project project, String mark) {
        return project.tags().contains(mark);
    }

    @Override
    Project make(ObjectKey key, ObjectNode tenant, String name, String domainId) {
        hold(key, tenant, true); // before there is something to leave behind
        String description = "of Hypernetes' tenant " + key.name();
        return keystone.createProject(name, domainId, description, mark(tenant));
    }

    @Override
    void pin(ObjectKey key, ObjectNode tenant, Project project, boolean made) {
        write(
                key,
                state(project, made ? "ProjectCreated" : "ProjectAdopted", is(project)),
                status ->
                        fill(status, tenant, project.id(), made)
                                .put("projectName", project.name()));
    }

    @Override
    void known(ObjectKey key, ObjectNode tenant, Project project) {
        hold(key, tenant, wasMade(tenant));
        String before = pin(tenant).path("projectName").asString("");
        if (!before.equals(project.name())) {
            write(
                    key,
                    state(
                            project,
                            "ProjectRenamed",
                            "project '" + before + "' is called '" + project.name() + "' now"),
                    status -> status.withObject("keystone").put("projectName", project.name()));
        } else if (!project.enabled() || !GOOD.contains(reason(tenant))) {
            write(key, state(project, "ProjectFound", is(project)), _ -> {});
        }
    }

    private static String is(Project project) {
        return "the tenant is project '" + project.name() + "'";
    }

    @Override
    String removal(ObjectNode tenant) {
        return ("project '%s' is gone from Keystone: nobody gets in, everything stays until the"
                        + " operator deletes the tenant or names another project in"
                        + " spec.keystone.project")
                .formatted(pin(tenant).path("projectName").asString(""));
    }

    private StatusCondition state(Project project, String reason, String message) {
        return project.enabled()
                ? condition(true, reason, message)
                : condition(
                        false,
                        "ProjectDisabled",
                        "project '%s' is disabled in Keystone: nobody gets in, everything stays"
                                .formatted(project.name()));
    }

    /** The finalizer is there exactly while the project is to go with its tenant. */
    private void hold(ObjectKey key, ObjectNode tenant, boolean made) {
        if (made && isToGo(tenant)) {
            objects.addFinalizer(BuiltinTypes.TENANTS, key, tenant, FINALIZER);
        } else {
            objects.removeFinalizer(BuiltinTypes.TENANTS, key, FINALIZER);
        }
    }

    /** When the world is empty. A project that somebody else made by now stays. */
    @Override
    void release(ObjectKey key, ObjectNode tenant) {
        if (!Metadata.finalizers(tenant).contains(FINALIZER)
                || Metadata.finalizers(tenant).contains(TenantController.FINALIZER)) {
            return;
        }
        if (isToGo(tenant)) {
            String id = pin(tenant).path("projectId").asString("");
            Optional<Project> project = id.isEmpty() ? find(tenant) : keystone.project(id);
            project.filter(found -> isMarked(found, mark(tenant)))
                    .ifPresent(found -> keystone.deleteProject(found.id()));
        }
        objects.removeFinalizer(BuiltinTypes.TENANTS, key, FINALIZER);
    }

    private static boolean isToGo(ObjectNode tenant) {
        return tenant.path("spec")
                .path("deletionPolicy")
                .path("keystoneProject")
                .asString("")
                .equals("Delete");
    }

    private static String reason(ObjectNode tenant) {
        for (JsonNode condition : tenant.path("status").path("conditions")) {
            if (condition.path("type").asString("").equals(NAMES.condition())) {
                return condition.path("reason").asString("");
            }
        }
        return "";
    }
}
