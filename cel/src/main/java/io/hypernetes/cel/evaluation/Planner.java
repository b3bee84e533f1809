package io.hypernetes.cel.evaluation;

import com.google.common.collect.ImmutableList;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.CelCall;
import dev.cel.common.ast.CelExpr.CelComprehension;
import dev.cel.common.ast.CelExpr.CelSelect;
import dev.cel.common.ast.CelReference;
import dev.cel.common.types.CelKind;

import io.hypernetes.cel.library.Functions;
import io.hypernetes.cel.library.StructFactory;
import io.hypernetes.cel.value.Bytes;
import io.hypernetes.cel.value.Null;
import io.hypernetes.cel.value.TypeName;
import io.hypernetes.cel.value.Unsigned;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes nodes of a checked syntax tree. Used once, by one thread. */
public final class Planner {
    private final CelAbstractSyntaxTree tree;
    private final Functions functions;
    private final StructFactory structs;

    /** The comprehension variables in scope; an inner one hides an outer one of the same name. */
    private final Map<String, Integer> locals = new HashMap<>();

    private int slots;

    private Planner(CelAbstractSyntaxTree tree, Functions functions, StructFactory structs) {
        this.tree = tree;
        this.functions = functions;
        this.structs = structs;
    }

    public static Plan plan(
            CelAbstractSyntaxTree tree, Functions functions, StructFactory structs) {
        Planner planner = new Planner(tree, functions, structs);
        Node root = planner.node(tree.getExpr());
        return new Plan(root, planner.slots);
    }

    private Node node(CelExpr expression) {
        return switch (expression.getKind()) {
            case CONSTANT -> new Nodes.Constant(constant(expression.constant()));
            case IDENT -> identifier(expression.id(), expression.ident().name());
            case SELECT -> select(expression);
            case CALL -> call(expression);
            case LIST -> list(expression);
            case MAP -> map(expression);
            case STRUCT -> struct(expression);
            case COMPREHENSION -> comprehension(expression.comprehension());
            case NOT_SET -> throw new IllegalStateException("an empty expression");
        };
    }

    private static Object constant(CelConstant constant) {
        return switch (constant.getKind()) {
            case NULL_VALUE -> Null.NULL;
            case BOOLEAN_VALUE -> constant.booleanValue();
            case INT64_VALUE -> constant.int64Value();
            case UINT64_VALUE -> new Unsigned(constant.uint64Value().longValue());
            case DOUBLE_VALUE -> constant.doubleValue();
            case STRING_VALUE -> constant.stringValue();
            case BYTES_VALUE -> new Bytes(constant.bytesValue().toByteArray());
            default -> throw new IllegalStateException("no literal: " + constant.getKind());
        };
    }

    private Node identifier(long id, String name) {
        Integer slot = locals.get(name);
        if (slot != null) {
            return new Nodes.Local(slot);
        }
        String resolved =
                tree.getReference(id)
                        .map(CelReference::name)
                        .filter(n -> !n.isEmpty())
                        .orElse(name);
        if (tree.getType(id).map(type -> type.kind() == CelKind.TYPE).orElse(false)
                && !resolved.equals("type")) {
            return new Nodes.Constant(new TypeName(resolved));
        }
        return new Nodes.Variable(resolved.startsWith(".") ? resolved.substring(1) : resolved);
    }

    private Node select(CelExpr expression) {
        CelSelect select = expression.select();
        Optional<CelReference> reference = tree.getReference(expression.id());
        if (reference.isPresent() && !reference.get().name().isEmpty()) {
            return identifier(expression.id(), reference.get().name());
        }
        Node operand = node(select.operand());
        return select.testOnly()
                ? new Nodes.Has(operand, select.field())
                : new Nodes.Select(operand, select.field());
    }

    private Node call(CelExpr expression) {
        CelCall call = expression.call();
        List<Node> arguments = new ArrayList<>();
        String function = call.function();
        if (call.target().isPresent()) {
            String qualified = qualifiedName(call.target().get());
            if (!qualified.isEmpty()
                    && functions.isNamespaced(qualified + "." + function)
                    && tree.getType(call.target().get().id()).isEmpty()) {
                function = qualified + "." + function;
            } else {
                arguments.add(node(call.target().get()));
            }
        }
        for (CelExpr argument : call.args()) {
            arguments.add(node(argument));
        }
        Node[] operands = arguments.toArray(Node[]::new);
        return switch (function) {
            case "_&&_" -> new Logic.And(operands[0], operands[1]);
            case "_||_" -> new Logic.Or(operands[0], operands[1]);
            case "_?_:_" -> new Logic.Conditional(operands[0], operands[1], operands[2]);
            case "@not_strictly_false", "__not_strictly_false__" ->
                    new Logic.NotStrictlyFalse(operands[0]);
            case "or" -> new Logic.OptionalOr(operands[0], operands[1], false);
            case "orValue" -> new Logic.OptionalOr(operands[0], operands[1], true);
            case "_[_]" -> new Nodes.Index(operands[0], operands[1]);
            case "_[?_]" -> new Nodes.OptionalIndex(operands[0], operands[1]);
            case "_?._" -> new Nodes.OptionalSelect(operands[0], operands[1]);
            default -> new Nodes.Call(functions.find(function), operands);
        };
    }

    private static String qualifiedName(CelExpr expression) {
        return switch (expression.getKind()) {
            case IDENT -> expression.ident().name();
            case SELECT -> {
                String operand = qualifiedName(expression.select().operand());
                yield operand.isEmpty() ? "" : operand + "." + expression.select().field();
            }
            default -> "";
        };
    }

    private Node list(CelExpr expression) {
        ImmutableList<CelExpr> elements = expression.list().elements();
        Node[] items = elements.stream().map(this::node).toArray(Node[]::new);
        boolean[] optional = new boolean[items.length];
        expression.list().optionalIndices().forEach(index -> optional[index] = true);
        return new Nodes.MakeList(items, optional);
    }

    private Node map(CelExpr expression) {
        var entries = expression.map().entries();
        Node[] keys = entries.stream().map(entry -> node(entry.key())).toArray(Node[]::new);
        Node[] values = entries.stream().map(entry -> node(entry.value())).toArray(Node[]::new);
        boolean[] optional = new boolean[keys.length];
        for (int i = 0; i < optional.length; i++) {
            optional[i] = entries.get(i).optionalEntry();
        }
        return new Nodes.MakeMap(keys, values, optional);
    }

    private Node struct(CelExpr expression) {
        var entries = expression.struct().entries();
        String[] names = entries.stream().map(e -> e.fieldKey()).toArray(String[]::new);
        Node[] values = entries.stream().map(entry -> node(entry.value())).toArray(Node[]::new);
        boolean[] optional = new boolean[names.length];
        for (int i = 0; i < optional.length; i++) {
            optional[i] = entries.get(i).optionalEntry();
        }
        String type =
                tree.getReference(expression.id())
                        .map(CelReference::name)
                        .filter(n -> !n.isEmpty())
                        .orElse(expression.struct().messageName());
        return new Nodes.MakeStruct(structs, type, names, values, optional);
    }

    private Node comprehension(CelComprehension loop) {
        Node range = node(loop.iterRange());
        Node start = node(loop.accuInit());
        int first = slots++;
        int second = loop.iterVar2().isEmpty() ? -1 : slots++;
        int result = slots++;
        Map<String, Integer> outer = new HashMap<>(locals);
        locals.put(loop.accuVar(), result);
        Node end = node(loop.result());
        locals.put(loop.iterVar(), first);
        if (second >= 0) {
            locals.put(loop.iterVar2(), second);
        }
        // What the loop builds hides what it iterates with, when both have one name.
        locals.put(loop.accuVar(), result);
        Node condition = node(loop.loopCondition());
        Node step = node(loop.loopStep());
        locals.clear();
        locals.putAll(outer);
        return new Loop(range, first, second, start, result, condition, step, end);
    }
}
