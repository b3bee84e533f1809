/**
 * Claims for devices (KEP-4381): made of the templates that pods name, reserved for the pods that
 * use them, released and deleted after them. Entry class: {@link
 * io.hypernetes.controllers.device.DeviceClaims}. Its workers share mirrors; nothing else is
 * shared.
 */
@NullMarked
package io.hypernetes.controllers.device;

import org.jspecify.annotations.NullMarked;
