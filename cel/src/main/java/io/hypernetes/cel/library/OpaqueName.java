package io.hypernetes.cel.library;

/** A type of which expressions know only the name and the functions. */
public record OpaqueName(String name) {}
