package io.hypernetes.network.ovsdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ResultsTest {

    private static JsonNode json(String text) {
        return JsonMapper.builder().build().readTree(text.replace('\'', '"'));
    }

    private static OvsdbException.Reason reasonOf(String result) {
        try {
            Results.check(json(result), 1, "db");
        } catch (OvsdbException e) {
            return e.reason();
        }
        throw new AssertionError("accepted: " + result);
    }

    @Test
    void failedOperationIsFoundInsideTheResult() {
        JsonNode result =
                json("[{'uuid':['uuid','1']},{'error':'unknown column','details':'nope'},null]");

        assertThatThrownBy(() -> Results.check(result, 3, "OVN_Northbound"))
                .isInstanceOf(OvsdbException.class)
                .hasMessageContaining("unknown column. nope");
    }

    @Test
    void failedCommitIsOneElementMore() {
        assertThat(reasonOf("[{},{'error':'referential integrity violation'}]"))
                .isEqualTo(OvsdbException.Reason.REFUSED);
    }

    @Test
    void lostRaceIsAConflict() {
        assertThat(reasonOf("[{'error':'timed out'}]")).isEqualTo(OvsdbException.Reason.CONFLICT);
        assertThat(
                        reasonOf(
                                "[{},{'error':'constraint violation','details':'Transaction causes"
                                        + " multiple rows to have identical values'}]"))
                .isEqualTo(OvsdbException.Reason.CONFLICT);
    }

    @Test
    void missingAnswerIsAnError() {
        assertThat(reasonOf("[]")).isEqualTo(OvsdbException.Reason.PROTOCOL);
    }

    @Test
    void rowsReadSetsOfNoneOfOneAndOfMany() {
        String columns =
                "'one':'a','many':['set',['b','c']],'none':['set',[]],'number':7,"
                        + "'ref':['uuid','r1'],'refs':['set',[['uuid','r2'],['uuid','r3']]],"
                        + "'map':['map',[['k','v']]]";
        Row row =
                Results.check(json("[{'rows':[{'_uuid':['uuid','u1']," + columns + "}]}]"), 1, "db")
                        .rows(0)
                        .getFirst();

        assertThat(row.uuid()).isEqualTo("u1");
        assertThat(row.texts("one")).containsExactly("a");
        assertThat(row.texts("many")).containsExactly("b", "c");
        assertThat(row.text("none")).isEmpty();
        assertThat(row.references("ref")).containsExactly("r1");
        assertThat(row.references("refs")).containsExactly("r2", "r3");
        assertThat(row.map("map")).containsEntry("k", "v");
        assertThat(row.number("number")).isEqualTo(7);
        assertThat(row.number("none")).isEqualTo(-1);
    }
}
