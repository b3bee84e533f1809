package io.hypernetes.network.ovn;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.network.NetworkEngine;
import io.hypernetes.network.PolicyEngineConformance;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

/** Policies over a real OVN. */
class OvnPoliciesIT extends PolicyEngineConformance {

    @TempDir static Path directory;

    private static OvnDaemons daemons;

    @BeforeAll
    static void startOvn() {
        daemons = new OvnDaemons(directory.resolve("ovn"), Datapath.best());
        daemons.start();
    }

    @AfterAll
    static void stopOvn() {
        daemons.purge();
        assertThat(daemons.pids().values()).containsOnly(-1L);
    }

    @Override
    protected NetworkEngine open() {
        return new OvnEngine(daemons);
    }
}
