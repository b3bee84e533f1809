/**
 * From Service and EndpointSlice objects to what the data plane is to do.
 *
 * <p>Entry class: {@link io.hypernetes.network.service.ServiceController}. The index of slices is
 * kept by its informer's thread and may be read by any.
 */
@NullMarked
package io.hypernetes.network.service;

import org.jspecify.annotations.NullMarked;
