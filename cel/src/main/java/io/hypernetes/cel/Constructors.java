package io.hypernetes.cel;

import dev.cel.common.CelValidationException;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.navigation.CelNavigableAst;
import dev.cel.parser.CelParser;

import io.hypernetes.cel.type.DeclaredType;
import io.hypernetes.cel.type.DeclaredType.Field;
import io.hypernetes.cel.value.MapValue;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The types that a mutation may construct: {@code JSONPatch{…}}, and {@code Object{…}} with types
 * of any name below it, whose fields are checked against the schema when the result is applied. The
 * checker wants to know all fields, so they are collected from the expression itself.
 */
final class Constructors {
    private static final String OBJECT = "Object";
    private static final String PATCH = "JSONPatch";

    private Constructors() {}

    static Environment extend(Environment environment, CelParser parser, String text)
            throws CompilationException {
        Map<String, Map<String, Field>> types = new LinkedHashMap<>();
        types.put(OBJECT, new LinkedHashMap<>());
        try {
            CelNavigableAst.fromAst(parser.parse(text).getAst())
                    .getRoot()
                    .allNodes()
                    .map(node -> node.expr())
                    .filter(expression -> expression.getKind() == CelExpr.ExprKind.Kind.STRUCT)
                    .map(CelExpr::struct)
                    .filter(struct -> isObject(struct.messageName()))
                    .forEach(struct -> {
                        Map<String, Field> fields =
                                types.computeIfAbsent(
                                        struct.messageName(), name -> new LinkedHashMap<>());
                        struct.entries()
                                .forEach(entry ->
                                        fields.put(
                                                entry.fieldKey(),
                                                new Field(
                                                        entry.fieldKey(),
                                                        DeclaredType.DYN,
                                                        false)));
                    });
        } catch (CelValidationException e) {
            throw new CompilationException(CompilerMessages.of(e));
        }
        types.put(PATCH, patch());
        DeclaredType[] declared =
                types.entrySet().stream()
                        .map(type -> DeclaredType.object(type.getKey(), type.getValue(), 2))
                        .toArray(DeclaredType[]::new);
        return environment.constructing((name, fields) -> new Constructed(name, fields), declared);
    }

    private static boolean isObject(String name) {
        return name.equals(OBJECT) || name.startsWith(OBJECT + ".");
    }

    private static Map<String, Field> patch() {
        Map<String, Field> fields = new LinkedHashMap<>();
        for (String name : new String[] {"op", "path", "from"}) {
            fields.put(name, new Field(name, DeclaredType.STRING, false));
        }
        fields.put("value", new Field("value", DeclaredType.DYN, false));
        return fields;
    }

    /** Its fields have the names of JSON. */
    private record Constructed(String typeName, Map<Object, Object> fields) implements MapValue {
        Constructed {
            Map<Object, Object> unescaped = new LinkedHashMap<>();
            fields.forEach((name, value) -> unescaped.put(unescaped((String) name), value));
            fields = unescaped;
        }

        private static String unescaped(String name) {
            String plain =
                    name.replace("__dash__", "-")
                            .replace("__dot__", ".")
                            .replace("__slash__", "/")
                            .replace("__underscores__", "__");
            return plain.matches("__[a-z]+__") ? plain.substring(2, plain.length() - 2) : plain;
        }

        @Override
        public int size() {
            return fields.size();
        }

        @Override
        public @Nullable Object find(Object key) {
            return fields.get(key);
        }

        @Override
        public Iterable<?> keys() {
            return fields.keySet();
        }
    }
}
