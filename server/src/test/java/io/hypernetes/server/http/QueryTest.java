package io.hypernetes.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.List;

class QueryTest {

    @Test
    void pairsAreDecodedAndKeptInOrder() {
        Query query = Query.parse("a=%20b+c&watch&a=2&&=x");
        assertThat(query.all("a")).isEqualTo(List.of(" b c", "2"));
        assertThat(query.flag("watch")).isTrue();
        assertThat(query.get("")).isEqualTo("x");
    }

    /** As Go's {@code URL.Query}, by which Kubernetes reads it. */
    @Test
    void aPairThatIsNoPairIsPassedOver() {
        Query query = Query.parse("a=%zz&b=1&%=2&c=%&d=1;e=2&f=%2");
        assertThat(query.values().keySet()).containsExactly("b");
        assertThat(query.get("b")).isEqualTo("1");
    }
}
