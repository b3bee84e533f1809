package io.hypernetes.cel.estimation;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.types.CelKind;
import dev.cel.common.types.CelType;
import dev.cel.common.types.OptionalType;
import dev.cel.common.types.SimpleType;

import io.hypernetes.cel.type.DeclaredType;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The sizes of an expression's parts: what was computed of them, what literals are, what the schema
 * says. Parts that come from a variable have a path, whose first element stands for the variable;
 * the others are its fields, {@code @items}, {@code @keys} or {@code @values}.
 *
 * <p>Kept from upstream, where it is part of what is accepted: every path starts at {@code self},
 * and what is selected of a part without a path counts as such a start.
 */
final class Sizes {
    static final String ITEMS = "@items";
    static final String KEYS = "@keys";
    static final String VALUES = "@values";

    /** The sizes of what a list or map holds that the expression builds. */
    record Entry(boolean list, Size key, Size value) {
        Entry or(Entry other) {
            return new Entry(list, key.or(other.key), value.or(other.value));
        }
    }

    /**
     * A variable of a comprehension.
     *
     * @param cost of naming it
     */
    record Local(List<String> path, Optional<Size> size, Optional<Entry> entry, long cost) {}

    private final CelAbstractSyntaxTree tree;
    private final DeclaredType self;
    private final Map<Long, List<String>> paths = new HashMap<>();
    private final Map<Long, Size> computed = new HashMap<>();
    private final Map<Long, Entry> entries = new HashMap<>();
    private final Map<String, Local> locals = new HashMap<>();

    Sizes(CelAbstractSyntaxTree tree, DeclaredType self) {
        this.tree = tree;
        this.self = self;
    }

    /** Names a variable until {@link #leave}, which wants what this gives. */
    @Nullable Local enter(String name, Local local) {
        return locals.put(name, local);
    }

    void leave(String name, @Nullable Local outer) {
        if (outer == null) {
            locals.remove(name);
        } else {
            locals.put(name, outer);
        }
    }

    Optional<Local> local(CelExpr expression) {
        return expression.getKind() == CelExpr.ExprKind.Kind.IDENT
                ? Optional.ofNullable(locals.get(expression.ident().name()))
                : Optional.empty();
    }

    CelType type(CelExpr expression) {
        return tree.getType(expression.id()).orElse(SimpleType.DYN);
    }

    List<String> path(CelExpr expression) {
        return local(expression)
                .map(Local::path)
                .orElseGet(() -> paths.getOrDefault(expression.id(), List.of()));
    }

    void setPath(CelExpr expression, List<String> path) {
        paths.put(expression.id(), path);
    }

    static List<String> below(List<String> path, String name) {
        List<String> longer = new ArrayList<>(path);
        longer.add(name);
        return List.copyOf(longer);
    }

    void set(CelExpr expression, Size size) {
        computed.put(expression.id(), size);
    }

    Optional<Entry> entry(CelExpr expression) {
        Entry entry = entries.get(expression.id());
        return entry != null ? Optional.of(entry) : local(expression).flatMap(Local::entry);
    }

    void setEntry(CelExpr expression, Entry entry) {
        entries.put(expression.id(), entry);
    }

    Size orUnknown(CelExpr expression) {
        return of(expression).orElse(Size.UNKNOWN);
    }

    /** Only what {@link #set} said of it. */
    Optional<Size> computed(CelExpr expression) {
        return Optional.ofNullable(computed.get(expression.id()));
    }

    Optional<Size> of(CelExpr expression) {
        return computed(expression)
                .or(() -> literal(expression))
                .or(() -> declared(path(expression)))
                .or(() ->
                        isScalar(type(expression))
                                ? Optional.of(Size.exactly(1))
                                : Optional.empty())
                .or(() -> local(expression).flatMap(Local::size));
    }

    /** The size of a list's items; empty for what is no list. */
    Optional<Size> items(CelExpr list) {
        if (type(list).kind() != CelKind.LIST) {
            return Optional.empty();
        }
        List<String> path = path(list);
        return Optional.of(
                path.isEmpty() ? Size.UNKNOWN : declared(below(path, ITEMS)).orElse(Size.UNKNOWN));
    }

    private Optional<Size> declared(List<String> path) {
        if (path.isEmpty()) {
            return Optional.empty();
        }
        DeclaredType type = self;
        for (String name : path.subList(1, path.size())) {
            Optional<DeclaredType> part = part(type, name);
            if (part.isEmpty()) {
                return Optional.empty();
            }
            type = part.get();
        }
        return Optional.of(Size.upTo(type.maxElements()));
    }

    private static Optional<DeclaredType> part(DeclaredType type, String name) {
        return switch (name) {
            case ITEMS, VALUES -> type.elementType();
            case KEYS ->
                    type.kind() == DeclaredType.Kind.MAP
                            ? Optional.of(DeclaredType.KEY)
                            : Optional.empty();
            default -> Optional.ofNullable(type.fields().get(name)).map(DeclaredType.Field::type);
        };
    }

    private static Optional<Size> literal(CelExpr expression) {
        return switch (expression.getKind()) {
            case CONSTANT -> Optional.of(Size.exactly(length(expression.constant())));
            case LIST -> Optional.of(Size.exactly(expression.list().elements().size()));
            case MAP -> Optional.of(Size.exactly(expression.map().entries().size()));
            default -> Optional.empty();
        };
    }

    private static long length(CelConstant constant) {
        return switch (constant.getKind()) {
            case STRING_VALUE ->
                    constant.stringValue().codePointCount(0, constant.stringValue().length());
            case BYTES_VALUE -> constant.bytesValue().size();
            default -> 1;
        };
    }

    private static boolean isScalar(CelType type) {
        if (type instanceof OptionalType) {
            return isScalar(type.parameters().getFirst());
        }
        return switch (type.kind()) {
            case BOOL, DOUBLE, DURATION, INT, TIMESTAMP, UINT -> true;
            default -> false;
        };
    }
}
