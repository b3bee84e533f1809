package io.hypernetes.cel.evaluation;

import io.hypernetes.cel.library.Functions;
import io.hypernetes.cel.library.StructFactory;
import io.hypernetes.cel.value.Comparisons;
import io.hypernetes.cel.value.EvaluationException;
import io.hypernetes.cel.value.ListValue;
import io.hypernetes.cel.value.MapValue;
import io.hypernetes.cel.value.Unsigned;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The nodes that always evaluate all their operands. Costs are cel-go's. */
final class Nodes {
    private static final int LIST_COST = 10;
    private static final int MAP_COST = 30;
    private static final int STRUCT_COST = 40;

    private Nodes() {}

    record Constant(Object value) implements Node {
        @Override
        public Object evaluate(Frame frame) {
            return value;
        }
    }

    record Variable(String name) implements Node {
        @Override
        public Object evaluate(Frame frame) {
            frame.charge(1);
            Object value = frame.variables().find(name);
            if (value == null) {
                throw new EvaluationException("no such attribute(s): " + name);
            }
            return value;
        }
    }

    record Local(int slot) implements Node {
        @Override
        public Object evaluate(Frame frame) {
            frame.charge(1);
            return switch (frame.local(slot)) {
                case Loop.Failed(EvaluationException error) -> throw error;
                case null -> throw new IllegalStateException("a variable before its loop");
                case Object value -> value;
            };
        }
    }

    record Select(Node operand, String field) implements Node {
        @Override
        public Object evaluate(Frame frame) {
            Object of = operand.evaluate(frame);
            frame.charge(1);
            if (of instanceof Optional<?> optional) {
                return optional.flatMap(value -> Optional.ofNullable(lookUp(value, field)));
            }
            Object value = lookUp(of, field);
            if (value == null) {
                throw EvaluationException.noSuchKey(field);
            }
            return value;
        }
    }

    record Has(Node operand, String field) implements Node {
        @Override
        public Object evaluate(Frame frame) {
            Object of = operand.evaluate(frame);
            if (of instanceof Optional<?> optional) {
                return optional.isPresent() && lookUp(optional.get(), field) != null;
            }
            return lookUp(of, field) != null;
        }
    }

    record Index(Node operand, Node key) implements Node {
        @Override
        public Object evaluate(Frame frame) {
            Object of = operand.evaluate(frame);
            Object at = key.evaluate(frame);
            frame.charge(1);
            if (of instanceof Optional<?> optional) {
                return optional.flatMap(value -> Optional.ofNullable(lookUp(value, at)));
            }
            Object value = lookUp(of, at);
            if (value == null) {
                throw of instanceof ListValue
                        ? new EvaluationException("index out of bounds: " + at)
                        : EvaluationException.noSuchKey(at);
            }
            return value;
        }
    }

    record OptionalIndex(Node operand, Node key) implements Node {
        @Override
        public Object evaluate(Frame frame) {
            return optional(frame, operand.evaluate(frame), key.evaluate(frame));
        }
    }

    record OptionalSelect(Node operand, Node field) implements Node {
        @Override
        public Object evaluate(Frame frame) {
            return optional(frame, operand.evaluate(frame), field.evaluate(frame));
        }
    }

    private static Object optional(Frame frame, Object of, Object key) {
        frame.charge(1);
        return of instanceof Optional<?> optional
                ? optional.flatMap(value -> Optional.ofNullable(lookUp(value, key)))
                : Optional.ofNullable(lookUp(of, key));
    }

    /** Null when it is not there. */
    private static @Nullable Object lookUp(Object of, Object key) {
        return switch (of) {
            case MapValue map -> map.find(key);
            case ListValue list -> {
                long index =
                        switch (key) {
                            case Long l -> l;
                            case Unsigned u -> u.bits();
                            case Double d when d == Math.rint(d) -> d.longValue();
                            default -> throw EvaluationException.noSuchOverload();
                        };
                yield index < 0 || index >= list.size() ? null : list.get((int) index);
            }
            default -> throw EvaluationException.noSuchOverload();
        };
    }

    record Call(Functions.Function function, Node[] operands) implements Node {
        @Override
        public Object evaluate(Frame frame) {
            Object[] arguments = new Object[operands.length];
            for (int i = 0; i < arguments.length; i++) {
                arguments[i] = operands[i].evaluate(frame);
            }
            return function.call(arguments, frame::charge);
        }
    }

    record MakeList(Node[] items, boolean[] optional) implements Node {
        @Override
        public Object evaluate(Frame frame) {
            frame.charge(LIST_COST);
            List<Object> list = new ArrayList<>(items.length);
            for (int i = 0; i < items.length; i++) {
                put(items[i].evaluate(frame), optional[i], list::add);
            }
            return ListValue.of(list);
        }
    }

    record MakeMap(Node[] keys, Node[] values, boolean[] optional) implements Node {
        @Override
        public Object evaluate(Frame frame) {
            frame.charge(MAP_COST);
            Map<Object, Object> map = new LinkedHashMap<>();
            for (int i = 0; i < keys.length; i++) {
                Object key = keys[i].evaluate(frame);
                put(
                        values[i].evaluate(frame),
                        optional[i],
                        value -> {
                            if (map.put(Comparisons.key(key), value) != null) {
                                throw new EvaluationException("Failed with repeated key: " + key);
                            }
                        });
            }
            return MapValue.of(map);
        }
    }

    record MakeStruct(
            StructFactory structs, String type, String[] names, Node[] values, boolean[] optional)
            implements Node {
        @Override
        public Object evaluate(Frame frame) {
            frame.charge(STRUCT_COST);
            Map<Object, Object> fields = new LinkedHashMap<>();
            for (int i = 0; i < names.length; i++) {
                String name = names[i];
                put(values[i].evaluate(frame), optional[i], value -> fields.put(name, value));
            }
            return structs.make(type, fields);
        }
    }

    private static void put(
            Object value, boolean optional, java.util.function.Consumer<Object> sink) {
        if (!optional) {
            sink.accept(value);
        } else if (value instanceof Optional<?> maybe) {
            maybe.ifPresent(sink);
        } else {
            throw EvaluationException.noSuchOverload();
        }
    }
}
