package io.hypernetes.store.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hypernetes.store.CompactedException;
import io.hypernetes.store.KeyRange;
import io.hypernetes.store.Retention;
import io.hypernetes.store.Store;
import io.hypernetes.store.StoreConformance;
import io.hypernetes.store.StoreKey;
import io.hypernetes.store.Txn;

import org.junit.jupiter.api.Test;

import java.time.Duration;

class MemoryStoreTest extends StoreConformance {

    @Override
    protected Store open() {
        return new MemoryStore();
    }

    @Test
    void anEmptyStoreIsAtRevisionOne() {
        assertThat(store.revision()).isEqualTo(1);
    }

    @Test
    void historyBeyondTheRetentionIsForgotten() {
        try (Store small = new MemoryStore(new Retention(Duration.ofDays(1), 10))) {
            for (int i = 0; i < 30; i++) {
                small.commit(Txn.create(StoreKey.of("k" + i), bytes("v")));
            }
            assertThat(small.range(KeyRange.ALL, 21, 0).entries()).hasSize(20);
            assertThatThrownBy(() -> small.range(KeyRange.ALL, 20, 0))
                    .isInstanceOf(CompactedException.class);
        }
    }
}
