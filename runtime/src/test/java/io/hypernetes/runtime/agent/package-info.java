/** Tests of the agent channel without a guest. */
@NullMarked
package io.hypernetes.runtime.agent;

import org.jspecify.annotations.NullMarked;
