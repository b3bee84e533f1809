package io.hypernetes.api.types.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.FieldError;
import io.hypernetes.api.Trees;
import io.hypernetes.api.types.BuiltinTypes;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import tools.jackson.databind.node.ObjectNode;

import java.util.List;

/** Which containers may go on after they have ended. */
class PodStatusRulesTest {
    private static final String RULE =
            ",'restartPolicyRules':[{'action':'%s','exitCodes':{'operator':'In','values':[42]}}]";

    private static ObjectNode pod(String policy, String own, String state) {
        return Trees.object(
                """
                {'metadata':{'name':'a','namespace':'b','uid':'u','resourceVersion':'1'},
                 'spec':{'restartPolicy':'%s','containers':[{'name':'c'%s}]},
                 'status':{'containerStatuses':[{'name':'c','state':%s}]}}
                """
                        .formatted(policy, own, state));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    Always    |                             | 0  | true
                    OnFailure |                             | 1  | true
                    OnFailure |                             | 0  | false
                    Never     |                             | 1  | false
                    Never     | ,'restartPolicy':'OnFailure' | 1  | true
                    Always    | ,'restartPolicy':'Never'    | 1  | false
                    Never     | Restart                     | 42 | true
                    Never     | Restart                     | 1  | false
                    Never     | RestartAllContainers        | 1  | true
                    """)
    void aContainerThatEndedForGoodStaysEnded(
            String policy, String own, int exitCode, boolean allowed) {
        String given =
                own == null
                        ? ""
                        : own.startsWith(",")
                                ? own
                                : ",'restartPolicy':'Never'" + RULE.formatted(own);
        ObjectNode old = pod(policy, given, "{'terminated':{'exitCode':" + exitCode + "}}");
        ObjectNode now = pod(policy, given, "{'running':{'startedAt':'2026-01-01T00:00:00Z'}}");
        assertThat(BuiltinTypes.PODS.strategy().validateStatusUpdate(now, old))
                .extracting(FieldError::toString)
                .isEqualTo(
                        allowed
                                ? List.of()
                                : List.of(
                                        "status.containerStatuses[0].state: Forbidden: may not be"
                                                + " transitioned to non-terminated state"));
    }
}
