/**
 * The tour of the README, and what may go wrong on it, done by the launcher and by kubectl alone.
 *
 * <p>Entry class: {@link io.hypernetes.e2e.Cloud}, one installation for all classes. The classes
 * run in the order of their numbers, one test at a time: the first starts the installation, the
 * last takes it down and looks for what is left.
 */
@NullMarked
package io.hypernetes.e2e;

import org.jspecify.annotations.NullMarked;
