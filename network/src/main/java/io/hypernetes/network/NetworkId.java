package io.hypernetes.network;

/**
 * A network: the tenant is part of its name.
 *
 * @param tenant the tenant's name
 * @param name the Network object's name
 */
public record NetworkId(String tenant, String name) {
    @Override
    public String toString() {
        return tenant + "/" + name;
    }
}
