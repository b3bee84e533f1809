package io.hypernetes.network;

/** A NetworkPolicy object: the tenant is part of its name. */
public record PolicyId(String tenant, String namespace, String name) {
    @Override
    public String toString() {
        return tenant + "/" + namespace + "/" + name;
    }
}
