package io.hypernetes.scheduler.cluster;

import io.hypernetes.api.Tenant;

import java.util.Map;

/** The labels of namespaces, for terms that select namespaces by them. */
@FunctionalInterface
public interface Namespaces {

    /** Empty when there is no such namespace. */
    Map<String, String> labels(Tenant tenant, String namespace);
}
