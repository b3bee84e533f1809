package io.hypernetes.network;

/**
 * A Service object: the tenant is part of its name.
 *
 * @param tenant the tenant's name
 */
public record ServiceId(String tenant, String namespace, String name) {
    @Override
    public String toString() {
        return tenant + "/" + namespace + "/" + name;
    }
}
