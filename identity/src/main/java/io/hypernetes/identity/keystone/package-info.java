/**
 * OpenStack's Keystone (Identity API v3) says who somebody is: passwords, tokens and application
 * credentials, the project as the tenant, roles and groups as groups.
 *
 * <p>Entry classes: {@link io.hypernetes.identity.keystone.KeystoneAuthenticator} and {@link
 * io.hypernetes.identity.keystone.KeystoneClient}. May be used by any thread. Passwords and tokens
 * live as long as the call that they are for.
 */
@NullMarked
package io.hypernetes.identity.keystone;

import org.jspecify.annotations.NullMarked;
