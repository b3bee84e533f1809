/**
 * TAP devices and network namespaces of Linux, by system calls.
 *
 * <p>Entry classes: {@link io.hypernetes.network.tap.Netns} and {@link
 * io.hypernetes.network.tap.Taps}. Needs {@code --enable-native-access} and root. Any thread may
 * call; whatever must change the namespace does so on a platform thread of its own.
 */
@NullMarked
package io.hypernetes.network.tap;

import org.jspecify.annotations.NullMarked;
