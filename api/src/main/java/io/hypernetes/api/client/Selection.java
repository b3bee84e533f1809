package io.hypernetes.api.client;

import io.hypernetes.api.Tenant;

import java.util.Optional;

/**
 * Which objects of a type a list or a watch covers.
 *
 * @param tenant empty: all tenants (only the operator's own components and users may ask so)
 * @param namespace empty: all namespaces
 * @param labelSelector as in the query of a request, empty for all
 * @param fieldSelector as in the query of a request, empty for all
 */
public record Selection(
        Optional<Tenant> tenant, String namespace, String labelSelector, String fieldSelector) {

    public static final Selection EVERYTHING = new Selection(Optional.empty(), "", "", "");

    public static Selection of(Tenant tenant) {
        return new Selection(Optional.of(tenant), "", "", "");
    }

    public static Selection of(Tenant tenant, String namespace) {
        return new Selection(Optional.of(tenant), namespace, "", "");
    }

    public Selection withFields(String fieldSelector) {
        return new Selection(tenant, namespace, labelSelector, fieldSelector);
    }

    public Selection withLabels(String labelSelector) {
        return new Selection(tenant, namespace, labelSelector, fieldSelector);
    }
}
