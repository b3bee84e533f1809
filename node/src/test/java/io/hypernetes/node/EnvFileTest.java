package io.hypernetes.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Optional;
import java.util.Random;

final class EnvFileTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    A='x'              | x
                      A='x' # comment  | x
                    # A='y'/A='x'      | x
                    B='b'//A='$(B) $C' | $(B) $C
                    A='x/y'            | x/y
                    A='x'/A='y'        | x
                    A=''               | NONE
                    A= 'x'             | NONE
                    B='b'              | NONE
                    A                  | at line 1: missing '='
                    B='b'/='x'         | at line 2: empty variable name
                    A ='x'             | at line 1: whitespace before '=' is not allowed
                    A=x                | at line 1: value must be enclosed in single quotes
                    A=                 | at line 1: value must be enclosed in single quotes
                    A="x"              | at line 1: value must be enclosed in single quotes
                    A='x'y             | at line 1: unexpected content after closing quote
                    B='b'/A='x/y       | at line 2: unclosed single quote
                    """)
    void theFormIsUpstreams(String text, String told) {
        String file = text.replace('/', '\n');
        if (told.startsWith("at line")) {
            assertThatThrownBy(() -> EnvFile.value(file, "A"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageEndingWith(told);
        } else {
            assertThat(EnvFile.value(file, "A"))
                    .isEqualTo(
                            told.equals("NONE")
                                    ? Optional.empty()
                                    : Optional.of(told.replace('/', '\n')));
        }
    }

    /** Whatever a container writes is read, or refused by the one exception. */
    @Test
    void anythingIsReadOrRefused() {
        Random random = new Random(1);
        String characters = "AB='' \n\t\r#x";
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int length = random.nextInt(30); length > 0; length--) {
                text.append(characters.charAt(random.nextInt(characters.length())));
            }
            try {
                EnvFile.value(text.toString(), "A");
            } catch (IllegalArgumentException e) {
                assertThat(e).hasMessageContaining("at line ");
            }
        }
    }
}
