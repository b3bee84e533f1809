/**
 * Who stands behind a service: EndpointSlices of its pods, the older Endpoints beside them, and
 * slices that mirror Endpoints which somebody keeps by hand. Entry: {@link
 * io.hypernetes.controllers.endpoint.EndpointControllers}. What is to be there is computed from the
 * mirrors each time; a restart forgets nothing. The controllers' workers are the only threads.
 */
@NullMarked
package io.hypernetes.controllers.endpoint;

import org.jspecify.annotations.NullMarked;
