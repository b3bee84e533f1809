/**
 * Turns a checked expression into a tree of nodes and evaluates it. Entry class: {@link
 * io.hypernetes.cel.evaluation.Planner}. Plans are immutable, a {@link
 * io.hypernetes.cel.evaluation.Frame} belongs to one evaluation.
 */
@NullMarked
package io.hypernetes.cel.evaluation;

import org.jspecify.annotations.NullMarked;
