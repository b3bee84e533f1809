/** The examples of this module's README, as they stand there; {@code ReadmeTest} compares. */
@NullUnmarked // fields are injected
package io.hypernetes.junit.readme;

import org.jspecify.annotations.NullUnmarked;
