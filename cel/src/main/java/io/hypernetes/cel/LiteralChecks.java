package io.hypernetes.cel;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelIssue;
import dev.cel.common.CelSourceLocation;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.CelCall;
import dev.cel.common.ast.CelExpr.CelList;
import dev.cel.common.ast.CelExpr.CelMap;
import dev.cel.common.ast.CelExpr.ExprKind;
import dev.cel.common.navigation.CelNavigableAst;
import dev.cel.common.navigation.CelNavigableExpr;
import dev.cel.common.types.CelType;
import dev.cel.common.types.CelTypes;
import dev.cel.common.types.SimpleType;

import io.hypernetes.cel.value.Durations;

import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * What Kubernetes asks of literals beyond their types: durations, timestamps and regular
 * expressions that are some, lists and maps of one type. In the words and order of cel-go's
 * validators.
 */
final class LiteralChecks {
    /** What reads the literal that a function is given; in the order of cel-go's validators. */
    private static final List<Map.Entry<String, Consumer<String>>> READERS =
            List.of(
                    Map.entry("duration", Durations::parse),
                    Map.entry("timestamp", OffsetDateTime::parse),
                    Map.entry("matches", Pattern::compile));

    private final CelAbstractSyntaxTree tree;
    private final List<CelIssue> issues = new ArrayList<>();

    private LiteralChecks(CelAbstractSyntaxTree tree) {
        this.tree = tree;
    }

    static List<CelIssue> check(CelAbstractSyntaxTree tree) {
        LiteralChecks checks = new LiteralChecks(tree);
        List<CelNavigableExpr> all = CelNavigableAst.fromAst(tree).getRoot().allNodes().toList();
        READERS.forEach(reader ->
                of(all, ExprKind.Kind.CALL)
                        .map(call -> call.expr().call())
                        .filter(call -> call.function().equals(reader.getKey()))
                        .forEach(call -> checks.call(call, reader.getValue())));
        of(all, ExprKind.Kind.LIST)
                .filter(list -> !isFormatted(list))
                .forEach(list -> checks.list(list.expr().list()));
        of(all, ExprKind.Kind.MAP)
                .filter(map -> !isFormatted(map))
                .forEach(map -> checks.map(map.expr().map()));
        return checks.issues;
    }

    private static Stream<CelNavigableExpr> of(List<CelNavigableExpr> all, ExprKind.Kind kind) {
        return all.stream().filter(expression -> expression.getKind() == kind);
    }

    /** What {@code format} is given may be of several types: cel-go exempts it. */
    private static boolean isFormatted(CelNavigableExpr literal) {
        return Stream.iterate(literal.parent(), Optional::isPresent, p -> p.get().parent())
                .map(Optional::orElseThrow)
                .filter(parent -> parent.getKind() == ExprKind.Kind.CALL)
                .anyMatch(call -> call.expr().call().function().equals("format"));
    }

    private void call(CelCall call, Consumer<String> reader) {
        if (call.args().isEmpty()) {
            return;
        }
        CelExpr argument = call.args().getFirst();
        if (argument.getKind() != ExprKind.Kind.CONSTANT
                || argument.constant().getKind() != CelConstant.Kind.STRING_VALUE) {
            return;
        }
        try {
            reader.accept(argument.constant().stringValue());
        } catch (IllegalArgumentException | DateTimeException | PatternSyntaxException _) {
            tell(argument, "invalid " + call.function() + " argument");
        }
    }

    private void list(CelList list) {
        Optional<CelType> first = Optional.empty();
        for (int i = 0; i < list.elements().size(); i++) {
            CelExpr element = list.elements().get(i);
            CelType type = type(element, list.optionalIndices().contains(i));
            if (first.isPresent() && !first.get().equals(type)) {
                mismatch(element, first.get(), type);
                return;
            }
            first = first.or(() -> Optional.of(type));
        }
    }

    private void map(CelMap map) {
        if (map.entries().isEmpty()) {
            return;
        }
        CelMap.Entry first = map.entries().getFirst();
        CelType keys = type(first.key(), false);
        CelType values = type(first.value(), first.optionalEntry());
        for (CelMap.Entry entry : map.entries()) {
            CelType key = type(entry.key(), false);
            if (!keys.equals(key)) {
                mismatch(entry.key(), keys, key);
            }
            CelType value = type(entry.value(), entry.optionalEntry());
            if (!values.equals(value)) {
                mismatch(entry.value(), values, value);
            }
        }
    }

    private CelType type(CelExpr expression, boolean optional) {
        CelType type = tree.getType(expression.id()).orElse(SimpleType.DYN);
        return optional && !type.parameters().isEmpty() ? type.parameters().getFirst() : type;
    }

    private void mismatch(CelExpr at, CelType expected, CelType found) {
        tell(
                at,
                "expected type '%s' but found '%s'"
                        .formatted(CelTypes.format(expected), CelTypes.format(found)));
    }

    private void tell(CelExpr at, String message) {
        int offset = tree.getSource().getPositionsMap().getOrDefault(at.id(), 0);
        CelSourceLocation place =
                tree.getSource().getOffsetLocation(offset).orElse(CelSourceLocation.NONE);
        issues.add(CelIssue.formatError(place, message));
    }
}
