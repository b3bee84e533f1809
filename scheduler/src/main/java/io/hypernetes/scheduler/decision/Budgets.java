package io.hypernetes.scheduler.decision;

import io.hypernetes.api.Tenant;

import tools.jackson.databind.node.ObjectNode;

import java.util.Collection;

/** The PodDisruptionBudgets of a namespace. */
@FunctionalInterface
public interface Budgets {
    Collection<ObjectNode> of(Tenant tenant, String namespace);
}
