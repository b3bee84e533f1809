/**
 * What may be written beyond the rights of the user and the form of the object: one small class per
 * concern.
 *
 * <p>Entry class: {@link io.hypernetes.server.admission.Admission}. Everything is stateless over
 * the registry's reads and may be used by any thread.
 */
@NullMarked
package io.hypernetes.server.admission;

import org.jspecify.annotations.NullMarked;
