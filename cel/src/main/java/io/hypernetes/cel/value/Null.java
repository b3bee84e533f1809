package io.hypernetes.cel.value;

/** CEL's {@code null}. */
public enum Null {
    NULL
}
