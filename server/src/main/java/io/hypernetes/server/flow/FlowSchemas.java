package io.hypernetes.server.flow;

import io.hypernetes.api.ResourceType;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.access.UserInfo;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.server.registry.Extent;
import io.hypernetes.server.registry.ObjectFilter;
import io.hypernetes.server.registry.Reads;
import io.hypernetes.server.registry.Served;
import io.hypernetes.server.request.RequestInfo;

import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Finds a request's flow by the FlowSchemas of its tenant's world. They are read anew when one of
 * them, or a level, has changed anywhere; worlds that add none to the operator's share one table.
 * Thread-safe.
 */
public final class FlowSchemas {

    /** What was read, and up to which changes. */
    private record Tables(
            long schemas,
            long levels,
            List<FlowSchema> common,
            Map<Tenant, List<FlowSchema>> worlds) {}

    private final Reads reads;
    private volatile Tables tables = new Tables(-1, -1, List.of(), Map.of());

    public FlowSchemas(Reads reads) {
        this.reads = reads;
    }

    /** The flow of the first schema that is for it. */
    public Flow of(Tenant world, UserInfo user, RequestInfo request) {
        for (FlowSchema schema : table(world)) {
            if (schema.matches(user, request)) {
                return schema.flow(user, request);
            }
        }
        return Flow.ONLY;
    }

    private List<FlowSchema> table(Tenant world) {
        long schemas = reads.changedAt(BuiltinTypes.FLOW_SCHEMAS);
        long levels = reads.changedAt(BuiltinTypes.PRIORITY_LEVEL_CONFIGURATIONS);
        Tables now = tables;
        if (now.schemas() != schemas || now.levels() != levels) {
            // Of the other worlds' answers to a race of two the last stays, as good as the first.
            now = new Tables(schemas, levels, read(Tenant.SYSTEM), new ConcurrentHashMap<>());
            tables = now;
        }
        List<FlowSchema> common = now.common();
        return world.isSystem()
                ? common
                : now.worlds()
                        .computeIfAbsent(world, tenant -> addsSome(tenant) ? read(tenant) : common);
    }

    private boolean addsSome(Tenant tenant) {
        return hasOwn(BuiltinTypes.FLOW_SCHEMAS, tenant)
                || hasOwn(BuiltinTypes.PRIORITY_LEVEL_CONFIGURATIONS, tenant);
    }

    private boolean hasOwn(ResourceType type, Tenant tenant) {
        return all(type, tenant).stream().anyMatch(object -> object.tenant().equals(tenant));
    }

    private List<Served> all(ResourceType type, Tenant tenant) {
        return reads.listCurrent(
                new Extent(type, Optional.of(tenant), "", ObjectFilter.EVERYTHING));
    }

    /** One that names a level that is not there is as good as not there. */
    private List<FlowSchema> read(Tenant tenant) {
        Map<String, PriorityLevel> levels = new HashMap<>();
        for (Served level : all(BuiltinTypes.PRIORITY_LEVEL_CONFIGURATIONS, tenant)) {
            levels.put(level.path().name(), PriorityLevel.of(level.tree()));
        }
        List<FlowSchema> schemas = new ArrayList<>();
        for (Served schema : all(BuiltinTypes.FLOW_SCHEMAS, tenant)) {
            ObjectNode object = schema.tree();
            Optional.ofNullable(levels.get(FlowSchema.level(object)))
                    .ifPresent(level -> schemas.add(FlowSchema.of(object, level)));
        }
        schemas.sort(FlowSchema.ORDER);
        return List.copyOf(schemas);
    }
}
