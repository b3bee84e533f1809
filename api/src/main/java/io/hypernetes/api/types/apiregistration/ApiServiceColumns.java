package io.hypernetes.api.types.apiregistration;

import static io.hypernetes.api.types.kind.Trees.at;
import static io.hypernetes.api.types.kind.Trees.objects;
import static io.hypernetes.api.types.kind.Trees.text;

import io.hypernetes.api.Column;
import io.hypernetes.api.types.kind.Columns;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;

/** What {@code kubectl get} shows of API services. */
public final class ApiServiceColumns {

    public static final List<Column> ALL =
            List.of(
                    Column.of("Service", ApiServiceColumns::service),
                    Column.of("Available", ApiServiceColumns::available),
                    Columns.age());

    private ApiServiceColumns() {}

    private static String service(ObjectNode apiService) {
        JsonNode service = at(apiService, "spec", "service");
        return service.isObject()
                ? text(service, "namespace") + "/" + text(service, "name")
                : "Local";
    }

    private static String available(ObjectNode apiService) {
        for (ObjectNode condition : objects(at(apiService, "status", "conditions"))) {
            if (text(condition, "type").equals("Available")) {
                String status = text(condition, "status");
                return status.equals("True")
                        ? "True"
                        : status + " (" + text(condition, "reason") + ")";
            }
        }
        return "Unknown";
    }
}
