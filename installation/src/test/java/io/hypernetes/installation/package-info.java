/**
 * The whole program in this JVM or as processes, in the ways in which operators put it together:
 * over Keystone, over etcd, with encryption, with every kind of credential, with virtual machines.
 * {@link NodeCloud} and {@link KeystoneCloud} are started once and shared by the classes that need
 * them. Modules test their own parts; what a person types at the launcher is tested by the module
 * {@code e2e}, which comes after this one, because it looks at the whole machine.
 *
 * <p>Tests of a class run one after the other.
 */
@NullMarked
package io.hypernetes.installation;

import org.jspecify.annotations.NullMarked;
