package io.hypernetes.store.crash;

import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Decides whether the operations on one key are linearizable (Herlihy and Wing): whether each can
 * be given one instant between its call and its return so that all results are those of a register
 * used by one after another.
 *
 * <p>It goes through calls and returns in the order of time (after Wing and Gong, in Lowe's "just
 * in time" form) and keeps every configuration that is possible so far: the register's state, and
 * which of the operations that have not returned have already had their instant. Before an
 * operation returns it must have had it. No configuration left: not linearizable. An operation
 * without a known result (its program was killed) had its instant, or never.
 */
final class Linearizability {

    /** What was asked. An empty value is "absent". Values are unique. */
    sealed interface Action {
        record Read() implements Action {}

        record Put(Optional<String> value) implements Action {}

        /** Changes the key if it has the expected value. */
        record Swap(Optional<String> expected, Optional<String> value) implements Action {}
    }

    /** What was answered. */
    sealed interface Answer {
        record Value(Optional<String> value) implements Answer {}

        record Done() implements Answer {}

        record Refused() implements Answer {}

        /** Nothing. */
        record Unknown() implements Answer {}
    }

    /** A call or a return, in the order of time. */
    sealed interface Moment {
        record Call(int operation, Action action, Answer answer) implements Moment {}

        record Return(int operation) implements Moment {}
    }

    private record Configuration(Optional<String> state, Set<Integer> passed) {}

    private Linearizability() {}

    /**
     * @param initial the states the key may have at the beginning
     * @return those it may have at the end; none when the history is not linearizable
     */
    static Set<Optional<String>> finalStates(List<Moment> history, Set<Optional<String>> initial) {
        Set<Configuration> possible = new HashSet<>();
        initial.forEach(state -> possible.add(new Configuration(state, Set.of())));
        Map<Integer, Moment.Call> open = new LinkedHashMap<>();
        for (Moment moment : history) {
            switch (moment) {
                case Moment.Call call -> open.put(call.operation(), call);
                case Moment.Return(int operation) -> {
                    Set<Configuration> reachable = reachable(possible, open);
                    possible.clear();
                    for (Configuration found : reachable) {
                        if (found.passed().contains(operation)) {
                            Set<Integer> rest = new HashSet<>(found.passed());
                            rest.remove(operation);
                            possible.add(new Configuration(found.state(), Set.copyOf(rest)));
                        }
                    }
                    open.remove(operation);
                }
            }
        }
        Set<Optional<String>> states = new HashSet<>();
        possible.forEach(found -> states.add(found.state()));
        return states;
    }

    /** All that can come of letting open operations have their instants now. */
    private static Set<Configuration> reachable(
            Set<Configuration> from, Map<Integer, Moment.Call> open) {
        Set<Configuration> found = new HashSet<>(from);
        ArrayDeque<Configuration> rest = new ArrayDeque<>(from);
        while (!rest.isEmpty()) {
            Configuration now = rest.remove();
            for (Moment.Call call : open.values()) {
                if (now.passed().contains(call.operation())) {
                    continue;
                }
                Set<Integer> passed = new HashSet<>(now.passed());
                passed.add(call.operation());
                for (Optional<String> state : step(now.state(), call)) {
                    Configuration next = new Configuration(state, Set.copyOf(passed));
                    if (found.add(next)) {
                        rest.add(next);
                    }
                }
            }
        }
        return found;
    }

    /** The states after an operation that gave this answer; none when it cannot have. */
    private static Set<Optional<String>> step(Optional<String> state, Moment.Call call) {
        return switch (call.action()) {
            case Action.Read() ->
                    switch (call.answer()) {
                        case Answer.Value(Optional<String> value) ->
                                value.equals(state) ? Set.of(state) : Set.of();
                        case Answer.Unknown _ -> Set.of(state);
                        case Answer.Done _, Answer.Refused _ -> Set.of();
                    };
            case Action.Put(Optional<String> value) ->
                    switch (call.answer()) {
                        case Answer.Done _ -> Set.of(value);
                        case Answer.Unknown _ -> new HashSet<>(List.of(state, value));
                        case Answer.Value _, Answer.Refused _ -> Set.of();
                    };
            case Action.Swap(Optional<String> expected, Optional<String> value) -> {
                boolean holds = expected.equals(state);
                yield switch (call.answer()) {
                    case Answer.Done _ -> holds ? Set.of(value) : Set.of();
                    case Answer.Refused _ -> holds ? Set.of() : Set.of(state);
                    case Answer.Unknown _ ->
                            holds ? new HashSet<>(List.of(state, value)) : Set.of(state);
                    case Answer.Value _ -> Set.of();
                };
            }
        };
    }
}
