/**
 * The adversary suite: everything that one tenant may try to see, change or stop what is another's.
 * Each {@link io.hypernetes.isolation.Attempt} is a test; {@link
 * io.hypernetes.isolation.Installation} is what it is made against, and {@link
 * io.hypernetes.isolation.Witness} looks after each that nothing came of it. Tests run one after
 * the other, on one thread.
 */
@NullMarked
package io.hypernetes.isolation;

import org.jspecify.annotations.NullMarked;
