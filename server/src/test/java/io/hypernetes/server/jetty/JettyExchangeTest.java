package io.hypernetes.server.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;

class JettyExchangeTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    gzip | true
                    deflate, gzip;q=0.5 | true
                    gzip;q=0 | false
                    gzip;q=0, * | false
                    * | true
                    *;q=0 | false
                    br, identity | false
                    """)
    void gzipIsForWhoTakesIt(String header, boolean accepted) {
        assertThat(JettyExchange.acceptsGzip(List.of(header))).isEqualTo(accepted);
    }
}
