package io.hypernetes.store.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.store.crash.Linearizability.Action;
import io.hypernetes.store.crash.Linearizability.Answer;
import io.hypernetes.store.crash.Linearizability.Moment;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The checker itself: it accepts what can be explained and nothing else. */
class LinearizabilityTest {

    private static final Optional<String> ABSENT = Optional.empty();
    private static final Optional<String> A = Optional.of("a");
    private static final Optional<String> B = Optional.of("b");

    private static Moment put(int operation, Optional<String> value, Answer answer) {
        return new Moment.Call(operation, new Action.Put(value), answer);
    }

    private static Moment read(int operation, Optional<String> value) {
        return new Moment.Call(operation, new Action.Read(), new Answer.Value(value));
    }

    private static Moment swap(
            int operation, Optional<String> expected, Optional<String> value, Answer answer) {
        return new Moment.Call(operation, new Action.Swap(expected, value), answer);
    }

    private static Moment ends(int operation) {
        return new Moment.Return(operation);
    }

    private static Set<Optional<String>> states(Moment... history) {
        return Linearizability.finalStates(List.of(history), Set.of(ABSENT));
    }

    @Test
    void aReadSeesTheWriteBeforeIt() {
        Answer done = new Answer.Done();
        assertThat(states(put(1, A, done), ends(1), read(2, A), ends(2))).containsExactly(A);
        assertThat(states(put(1, A, done), ends(1), read(2, ABSENT), ends(2))).isEmpty();
        assertThat(states(put(1, A, done), ends(1), read(2, B), ends(2))).isEmpty();
    }

    @Test
    void aReadBesideAWriteSeesEitherButNeverGoesBack() {
        Answer done = new Answer.Done();
        assertThat(states(put(1, A, done), read(2, ABSENT), ends(2), ends(1))).containsExactly(A);
        assertThat(states(put(1, A, done), read(2, A), ends(2), ends(1))).containsExactly(A);
        assertThat(states(put(1, A, done), read(2, A), ends(2), read(3, ABSENT), ends(3), ends(1)))
                .isEmpty();
    }

    @Test
    void writesAtTheSameTimeEndInEitherOrder() {
        Answer done = new Answer.Done();
        assertThat(states(put(1, A, done), put(2, B, done), ends(1), ends(2)))
                .containsExactlyInAnyOrder(A, B);
    }

    @Test
    void aLostUpdateIsFound() {
        Answer done = new Answer.Done();
        assertThat(states(swap(1, ABSENT, A, done), swap(2, ABSENT, B, done), ends(1), ends(2)))
                .isEmpty();
        assertThat(
                        states(
                                swap(1, ABSENT, A, done),
                                swap(2, ABSENT, B, new Answer.Refused()),
                                ends(1),
                                ends(2)))
                .containsExactly(A);
        assertThat(states(swap(1, ABSENT, A, new Answer.Refused()), ends(1))).isEmpty();
    }

    @Test
    void anUnknownOutcomeIsEither() {
        Answer unknown = new Answer.Unknown();
        assertThat(states(put(1, A, unknown), ends(1))).containsExactlyInAnyOrder(ABSENT, A);
        assertThat(states(put(1, A, unknown), ends(1), read(2, A), ends(2))).containsExactly(A);
        assertThat(
                        states(
                                put(1, A, unknown),
                                ends(1),
                                read(2, ABSENT),
                                ends(2),
                                read(3, A),
                                ends(3)))
                .isEmpty();
    }
}
