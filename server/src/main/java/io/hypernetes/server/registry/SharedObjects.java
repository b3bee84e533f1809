package io.hypernetes.server.registry;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.GroupResource;
import io.hypernetes.api.Metadata;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.api.types.ExtensionTypes;
import io.hypernetes.api.types.apiregistration.ApiServiceStrategy;
import io.hypernetes.api.types.core.HostRuntime;
import io.hypernetes.api.types.flowcontrol.MandatoryObjects;
import io.hypernetes.api.types.flowcontrol.SuggestedObjects;

import java.util.Set;

/**
 * The operator's objects that are projected read-only into every world: storage, priority and
 * runtime classes, the default cluster roles, the range of service addresses, the APIServices of
 * built-in groups, and what flow control begins with. They are one object each, kept in the system
 * tenant. Their names are taken in every world.
 */
public final class SharedObjects {
    /** What upstream puts on the roles that it makes itself. */
    public static final String BOOTSTRAP_LABEL = "kubernetes.io/bootstrapping";

    /** The range that service addresses come from in every world. */
    private static final String DEFAULT_SERVICE_CIDR = "kubernetes";

    private static final String BOOTSTRAP_VALUE = "rbac-defaults";

    /** All of the operator's objects are shared, but the class of pods without a machine. */
    private static final Set<GroupResource> SHARED_AS_A_WHOLE =
            Set.of(
                    BuiltinTypes.STORAGE_CLASSES.id(),
                    BuiltinTypes.PRIORITY_CLASSES.id(),
                    BuiltinTypes.RUNTIME_CLASSES.id());

    private SharedObjects() {}

    /** Whether some objects of this type are shared. */
    public static boolean projects(ResourceType type) {
        return SHARED_AS_A_WHOLE.contains(type.id())
                || type.id().equals(BuiltinTypes.CLUSTER_ROLES.id())
                || type.id().equals(BuiltinTypes.SERVICE_CIDRS.id())
                || type.id().equals(ExtensionTypes.API_SERVICES.id())
                || type.id().equals(BuiltinTypes.FLOW_SCHEMAS.id())
                || type.id().equals(BuiltinTypes.PRIORITY_LEVEL_CONFIGURATIONS.id());
    }

    /** Whether an object of the system tenant is seen in the other worlds. */
    static boolean isShared(ResourceType type, Served object) {
        if (!object.path().tenant().equals(Tenant.SYSTEM.name())) {
            return false;
        }
        if (type.id().equals(BuiltinTypes.RUNTIME_CLASSES.id())) {
            return !object.path().name().equals(HostRuntime.CLASS);
        }
        if (SHARED_AS_A_WHOLE.contains(type.id())) {
            return true;
        }
        if (type.id().equals(BuiltinTypes.SERVICE_CIDRS.id())) {
            return object.path().name().equals(DEFAULT_SERVICE_CIDR);
        }
        if (type.id().equals(ExtensionTypes.API_SERVICES.id())) {
            return Metadata.label(object.tree(), ApiServiceStrategy.AUTO_MANAGED)
                    .equals(ApiServiceStrategy.ON_START);
        }
        if (type.id().equals(BuiltinTypes.FLOW_SCHEMAS.id())) {
            return MandatoryObjects.FLOW_SCHEMAS.containsKey(object.path().name())
                    || SuggestedObjects.FLOW_SCHEMAS.containsKey(object.path().name());
        }
        if (type.id().equals(BuiltinTypes.PRIORITY_LEVEL_CONFIGURATIONS.id())) {
            return MandatoryObjects.PRIORITY_LEVELS.containsKey(object.path().name())
                    || SuggestedObjects.PRIORITY_LEVELS.containsKey(object.path().name());
        }
        return type.id().equals(BuiltinTypes.CLUSTER_ROLES.id())
                && Metadata.label(object.tree(), BOOTSTRAP_LABEL).equals(BOOTSTRAP_VALUE);
    }

    static ApiException readOnly(ResourceType type, String name) {
        return ApiException.forbidden(
                type.id(),
                name,
                "it belongs to the operator and is shared with every tenant: it can be read and"
                        + " used, but only the operator can change it");
    }
}
