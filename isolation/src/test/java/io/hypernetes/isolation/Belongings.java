package io.hypernetes.isolation;

import io.hypernetes.api.Tenant;

import java.util.List;

/** What both tenants have, under the same names, so that a mix-up would be seen. */
final class Belongings {
    private Belongings() {}

    static List<String> of(Tenant tenant, String treasure) {
        return List.of(
                "{kind: Namespace, metadata: {name: vault}}",
                "{kind: Secret, metadata: {name: gold, namespace: default, labels: {of: %s}}, stringData: {bar: %s}}"
                        .formatted(tenant, treasure),
                "{kind: ConfigMap, metadata: {name: map, namespace: default, labels: {of: %s}}, data: {place: %s}}"
                        .formatted(tenant, treasure),
                "{kind: ConfigMap, metadata: {name: only-of-%s, namespace: vault}, data: {place: %s}}"
                        .formatted(tenant, treasure),
                """
                {kind: Pod, metadata: {name: web, namespace: default, annotations: {note: %s}},
                 spec: {containers: [{name: c, image: "hypernetes/hello:1", ports: [{containerPort: 80}]}]}}
                """
                        .formatted(treasure),
                "{kind: Service, metadata: {name: web, namespace: default}, spec: {selector: {app:"
                        + " web}, ports: [{port: 80}]}}",
                """
                {kind: CustomResourceDefinition, metadata: {name: widgets.example.com}, spec: {
                  group: example.com, scope: Namespaced, names: {plural: widgets, singular: widget, kind: Widget},
                  versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object, properties: {
                    spec: {type: object, description: %s, properties: {of%s: {type: string}}}}}}}]}}
                """
                        .formatted(treasure, tenant));
    }
}
