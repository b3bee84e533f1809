/**
 * What every authenticator and every authorizer does, as suites, and a real Keystone for tests.
 *
 * <p>Entry class: {@link io.hypernetes.identity.conformance.KeystoneProcess}. For tests' threads.
 */
@NullMarked
package io.hypernetes.identity.conformance;

import org.jspecify.annotations.NullMarked;
