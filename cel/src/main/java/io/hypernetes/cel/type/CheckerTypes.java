package io.hypernetes.cel.type;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;

import dev.cel.common.types.CelType;
import dev.cel.common.types.CelTypeProvider;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.StructType;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Declared types as the type checker knows them. */
// Records of unmodifiable maps are not what Error Prone can see to be immutable.
@SuppressWarnings("Immutable")
public final class CheckerTypes {
    private CheckerTypes() {}

    public static CelType of(DeclaredType type) {
        return switch (type.kind()) {
            case DYN -> SimpleType.DYN;
            case BOOL -> SimpleType.BOOL;
            case INT -> SimpleType.INT;
            case DOUBLE -> SimpleType.DOUBLE;
            case STRING -> SimpleType.STRING;
            case BYTES -> SimpleType.BYTES;
            case DURATION -> SimpleType.DURATION;
            case TIMESTAMP -> SimpleType.TIMESTAMP;
            case LIST -> ListType.create(of(type.element()));
            case MAP -> MapType.create(SimpleType.STRING, of(type.element()));
            case OBJECT ->
                    StructType.create(
                            type.name(),
                            ImmutableSet.copyOf(type.fields().keySet()),
                            name ->
                                    Optional.ofNullable(type.fields().get(name))
                                            .map(field -> of(field.type())));
        };
    }

    /** Finds the objects within the types by their names. */
    public static CelTypeProvider provider(Iterable<DeclaredType> types) {
        Map<String, CelType> known = new LinkedHashMap<>();
        types.forEach(type -> collect(type, known));
        return new CelTypeProvider() {
            @Override
            public ImmutableList<CelType> types() {
                return ImmutableList.copyOf(known.values());
            }

            @Override
            public Optional<CelType> findType(String name) {
                return Optional.ofNullable(known.get(name));
            }
        };
    }

    private static void collect(DeclaredType type, Map<String, CelType> known) {
        if (type.kind() == DeclaredType.Kind.OBJECT) {
            known.put(type.name(), of(type));
            type.fields().values().forEach(field -> collect(field.type(), known));
        } else {
            type.elementType().ifPresent(element -> collect(element, known));
        }
    }
}
