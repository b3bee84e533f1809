package io.hypernetes.cel.library;

import com.google.common.collect.ImmutableList;

import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.OptionalType;
import dev.cel.common.types.TypeParamType;

import io.hypernetes.cel.value.Bytes;
import io.hypernetes.cel.value.EvaluationException;
import io.hypernetes.cel.value.ListValue;
import io.hypernetes.cel.value.MapValue;
import io.hypernetes.cel.value.Unsigned;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * All functions by name, each with its overloads: the types for the checker, the code and the cost
 * for the evaluation. Which overload runs is decided by the arguments' values, because dynamic
 * expressions have no types before.
 */
public final class Functions {
    /** What a function does. Throws EvaluationException. */
    @FunctionalInterface
    interface Code {
        Object call(Object[] arguments);
    }

    /** What a call costs, in CEL's units, by its arguments and its result. */
    @FunctionalInterface
    interface Cost {
        long of(Object[] arguments, Object result);
    }

    /** A function with everything that it can be called with. */
    public static final class Function {
        private final String name;
        private final List<Overload> overloads = new ArrayList<>();

        Function(String name) {
            this.name = name;
        }

        /**
         * @param charge gets the cost before the result is given
         */
        public Object call(Object[] arguments, LongConsumer charge) {
            for (Overload overload : overloads) {
                if (overload.takes(arguments)) {
                    Object result = overload.code.call(arguments);
                    charge.accept(overload.cost.of(arguments, result));
                    return result;
                }
            }
            throw EvaluationException.noSuchOverload();
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private record Overload(Class<?>[] types, Cost cost, Code code) {
        boolean takes(Object[] arguments) {
            if (arguments.length != types.length) {
                return false;
            }
            for (int i = 0; i < types.length; i++) {
                if (!types[i].isInstance(arguments[i])) {
                    return false;
                }
            }
            return true;
        }
    }

    private final Map<String, Function> functions = new LinkedHashMap<>();
    private final Map<String, List<CelOverloadDecl>> declarations = new LinkedHashMap<>();
    private final Map<String, Class<?>> opaque = new LinkedHashMap<>();

    /** A type that only functions make and take. */
    void type(CelType type, Class<?> values) {
        opaque.put(type.name(), values);
    }

    /** A function with a receiver, the first of its parameters. */
    Functions member(
            String name,
            String id,
            CelType result,
            List<CelType> parameters,
            Cost cost,
            Code code) {
        declare(name, CelOverloadDecl.newMemberOverload(id, result, parameters));
        return runtime(name, classes(parameters), cost, code);
    }

    /** A function without a receiver. */
    Functions global(
            String name,
            String id,
            CelType result,
            List<CelType> parameters,
            Cost cost,
            Code code) {
        declare(name, CelOverloadDecl.newGlobalOverload(id, result, parameters));
        return runtime(name, classes(parameters), cost, code);
    }

    /** One that dev.cel declares already. */
    Functions runtime(String name, List<Class<?>> types, Cost cost, Code code) {
        functions
                .computeIfAbsent(name, Function::new)
                .overloads
                .add(new Overload(types.toArray(Class<?>[]::new), cost, code));
        return this;
    }

    private void declare(String name, CelOverloadDecl overload) {
        declarations.computeIfAbsent(name, n -> new ArrayList<>()).add(overload);
    }

    private List<Class<?>> classes(List<CelType> parameters) {
        List<Class<?>> classes = new ArrayList<>();
        parameters.forEach(type -> classes.add(classOf(type)));
        return classes;
    }

    private Class<?> classOf(CelType type) {
        return switch (type) {
            case ListType _ -> ListValue.class;
            case MapType _ -> MapValue.class;
            case OptionalType _ -> Optional.class;
            case TypeParamType _ -> Object.class;
            default ->
                    switch (type.kind()) {
                        case BOOL -> Boolean.class;
                        case INT -> Long.class;
                        case UINT -> Unsigned.class;
                        case DOUBLE -> Double.class;
                        case STRING -> String.class;
                        case BYTES -> Bytes.class;
                        case DURATION -> Duration.class;
                        case TIMESTAMP -> Instant.class;
                        default -> opaque.getOrDefault(type.name(), Object.class);
                    };
        };
    }

    public boolean isNamespaced(String name) {
        return functions.containsKey(name);
    }

    /** Throws IllegalStateException for one that the checker knows and we do not. */
    public Function find(String name) {
        Function function = functions.get(name);
        if (function == null) {
            throw new IllegalStateException("no code for the function " + name);
        }
        return function;
    }

    /** For the checker. */
    public ImmutableList<CelFunctionDecl> declarations() {
        return declarations.entrySet().stream()
                .map(entry ->
                        CelFunctionDecl.newFunctionDeclaration(entry.getKey(), entry.getValue()))
                .collect(ImmutableList.toImmutableList());
    }

    /** The types that only functions make, by name. */
    Map<String, Class<?>> opaqueTypes() {
        return java.util.Collections.unmodifiableMap(opaque);
    }
}
