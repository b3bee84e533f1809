/**
 * The tour of the README, and what may go wrong on it, done by the launcher and by kubectl alone.
 *
 * <p>Entry class: {@link io.hypernetes.e2e.Cloud}. The classes of the tour ({@link
 * io.hypernetes.e2e.OfTheTour}) share an installation and run in the order of their numbers, one
 * test at a time: the first starts it, the last takes it down and looks for what is left. Classes
 * with an installation of their own run beside them, and so do other modules' tests: nothing here
 * looks at more of the machine than its own.
 */
@NullMarked
package io.hypernetes.e2e;

import org.jspecify.annotations.NullMarked;
