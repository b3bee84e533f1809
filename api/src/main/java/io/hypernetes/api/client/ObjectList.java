package io.hypernetes.api.client;

import java.util.List;

/**
 * @param resourceVersion a watch from here sees every later change
 */
public record ObjectList(String resourceVersion, List<TenantObject> items) {}
