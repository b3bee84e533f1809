package io.hypernetes.server.registry;

import io.hypernetes.api.client.WatchEvent;

/** A change, as one watch sees it: an object may enter or leave its selection. */
public record ServedEvent(WatchEvent.Type type, Served object) {}
