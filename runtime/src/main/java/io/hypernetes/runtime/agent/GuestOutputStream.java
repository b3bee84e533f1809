package io.hypernetes.runtime.agent;

import java.io.OutputStream;

/**
 * Bytes to a process or socket of the guest. Writing blocks while the guest does not read; writing
 * after the far end has gone throws {@link java.io.IOException}.
 */
public abstract class GuestOutputStream extends OutputStream {}
