@NullMarked
package io.hypernetes.server.registry;

import org.jspecify.annotations.NullMarked;
