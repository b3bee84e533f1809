package io.hypernetes.api.custom;

import static io.hypernetes.api.Trees.object;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.Column;

import org.junit.jupiter.api.Test;

import java.util.List;

/** As upstream's table convertor of custom resources defines them. */
class PrinterColumnsTest {

    @Test
    void whoAsksForNoneGetsNameAndAge() {
        List<Column> columns = PrinterColumns.of(object("{}").path("none"));
        assertThat(columns).extracting(Column::name).containsExactly("Name", "Age");
        assertThat(columns).extracting(Column::type).containsExactly("string", "date");
    }

    @Test
    void aColumnIsDescribedByTheDefinitionOrByItsPath() {
        List<Column> columns =
                PrinterColumns.of(
                        object(
                                        "{'c':[{'name':'A','type':'string','jsonPath':'.a'},{'name':'B','type':'string','jsonPath':'.b','description':'What"
                                            + " B is.'}]}")
                                .path("c"));
        assertThat(columns)
                .extracting(Column::description)
                .endsWith(
                        "Custom resource definition column (in JSONPath format): .a", "What B is.");
    }
}
