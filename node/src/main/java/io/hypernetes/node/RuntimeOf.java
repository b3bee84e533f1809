package io.hypernetes.node;

import io.hypernetes.api.ObjectKey;

/** Which of this machine's runtimes runs a pod. */
@FunctionalInterface
interface RuntimeOf {
    PodRuntime of(ObjectKey pod);
}
