/**
 * ValidatingAdmissionPolicy and MutatingAdmissionPolicy: a tenant's rules in CEL, evaluated here.
 *
 * <p>Entry classes: {@link io.hypernetes.server.policy.ValidatingPolicies}, {@link
 * io.hypernetes.server.policy.MutatingPolicies}. Stateless over the registry's reads, for any
 * thread.
 */
@NullMarked
package io.hypernetes.server.policy;

import org.jspecify.annotations.NullMarked;
