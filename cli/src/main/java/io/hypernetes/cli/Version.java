package io.hypernetes.cli;

/** What this is. */
final class Version {

    static final String NUMBER = "0.1.0";
    static final String TEXT = "hypernetes " + NUMBER;

    private Version() {}
}
