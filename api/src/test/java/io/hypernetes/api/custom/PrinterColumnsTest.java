package io.hypernetes.api.custom;

import static io.hypernetes.api.Trees.object;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.Column;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import tools.jackson.databind.node.ObjectNode;

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

    /** The first value of the path, when it is of the column's type. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "string | .s | ok",
                "string | .l[*] | a",
                "string | .l | [\"a\",\"b\"]",
                "string | .m | {\"k\":\"\\u003c\"}",
                "string | .i | 3",
                "string | .null | <no value>",
                "string | .none | null",
                "integer | .i | 3",
                "integer | .n | 1",
                "integer | .s | null",
                "number | .i | 3.0",
                "boolean | .b | true",
                "boolean | .s | null",
                "date | .s | <invalid>",
                "date | .i | null",
            })
    void aCellIsOfTheColumnsType(String type, String path, String cell) {
        ObjectNode columns =
                object("{'c':[{'name':'A','type':'%s','jsonPath':'%s'}]}".formatted(type, path));
        ObjectNode shown =
                object(
                        "{'s':'ok','l':['a','b'],'m':{'k':'<'},'i':3,'n':1.5,'b':true,"
                                + "'null':null}");
        assertThat(PrinterColumns.of(columns.path("c")).get(1).cell().apply(shown))
                .hasToString(cell);
    }

    @Test
    void aPathThatIsNoneEndsTheTable() {
        ObjectNode columns =
                object(
                        "{'c':[{'name':'A','type':'string','jsonPath':'.a'},"
                                + "{'name':'B','type':'string','jsonPath':'.b[1'},"
                                + "{'name':'C','type':'string','jsonPath':'.c'}]}");
        assertThat(PrinterColumns.of(columns.path("c")))
                .extracting(Column::name)
                .containsExactly("Name", "A");
    }
}
