package io.hypernetes.cel.value;

/** A type as a value: what {@code type(x)} gives and {@code int} names. */
public record TypeName(String name) {
    @Override
    public String toString() {
        return name;
    }
}
