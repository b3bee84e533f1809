/**
 * Brings the network engine to what the tenants' Network objects ask for.
 *
 * <p>Entry class: {@link io.hypernetes.network.controller.NetworkController}. It runs on the
 * workers of a controller; the engine is called by one worker per network at a time.
 */
@NullMarked
package io.hypernetes.network.controller;

import org.jspecify.annotations.NullMarked;
