package io.hypernetes.cel.estimation;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.CelCall;
import dev.cel.common.ast.CelExpr.CelComprehension;
import dev.cel.common.ast.CelExpr.ExprKind;
import dev.cel.common.types.CelKind;

import io.hypernetes.cel.estimation.Sizes.Entry;
import io.hypernetes.cel.estimation.Sizes.Local;
import io.hypernetes.cel.type.DeclaredType;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Walks a checked expression once and sums up the most that it may cost, as cel-go does
 * (checker/cost.go): a loop costs its body as often as its range may have items.
 */
public final class Estimator {
    private static final int LIST_COST = 10;
    private static final int MAP_COST = 30;
    private static final int STRUCT_COST = 40;
    private static final String RECEIVER = "@target";

    private final CelAbstractSyntaxTree tree;
    private final Predicate<String> namespaced;
    private final Sizes sizes;

    private Estimator(CelAbstractSyntaxTree tree, DeclaredType self, Predicate<String> namespaced) {
        this.tree = tree;
        this.namespaced = namespaced;
        this.sizes = new Sizes(tree, self);
    }

    /**
     * @param self the type of the variables {@code self} and {@code oldSelf}
     * @param namespaced whether {@code a.b} is a function's name
     * @return the largest long for what knows no bounds
     */
    public static long estimate(
            CelAbstractSyntaxTree tree, DeclaredType self, Predicate<String> namespaced) {
        try {
            return new Estimator(tree, self, namespaced).cost(tree.getExpr());
        } catch (StackOverflowError e) {
            return Long.MAX_VALUE;
        }
    }

    private long cost(CelExpr expression) {
        return switch (expression.getKind()) {
            case CONSTANT, NOT_SET -> 0;
            case IDENT -> identifier(expression, expression.ident().name());
            case SELECT -> select(expression);
            case CALL -> call(expression);
            case LIST -> list(expression);
            case MAP -> map(expression);
            case STRUCT -> struct(expression);
            case COMPREHENSION -> comprehension(expression, expression.comprehension());
        };
    }

    private long identifier(CelExpr expression, String name) {
        Optional<Local> local = sizes.local(expression);
        sizes.setPath(expression, local.map(Local::path).orElse(List.of(name)));
        return local.map(Local::cost).orElse(1L);
    }

    private long select(CelExpr expression) {
        Optional<String> qualified =
                tree.getReference(expression.id())
                        .map(reference -> reference.name())
                        .filter(name -> !name.isEmpty());
        if (qualified.isPresent()) {
            return identifier(expression, qualified.get());
        }
        CelExpr operand = expression.select().operand();
        long cost = cost(operand);
        if (expression.select().testOnly()) {
            return cost;
        }
        sizes.setPath(expression, Sizes.below(sizes.path(operand), expression.select().field()));
        return switch (sizes.type(operand).kind()) {
            case MAP, STRUCT, TYPE_PARAM -> Size.add(cost, 1);
            default -> cost;
        };
    }

    private long call(CelExpr expression) {
        CelCall call = expression.call();
        List<CelExpr> parts = new ArrayList<>(call.args());
        String function = call.function();
        if (call.target().isPresent()) {
            CelExpr target = call.target().get();
            String name = qualifiedName(target) + "." + function;
            if (namespaced.test(name) && tree.getType(target.id()).isEmpty()) {
                function = name;
            } else {
                parts.addFirst(target);
            }
        }
        List<Long> costs = new ArrayList<>();
        List<Operand> operands = new ArrayList<>();
        for (CelExpr part : parts) {
            costs.add(cost(part));
            operands.add(operand(part));
        }
        if (function.equals("dyn")) {
            sizes.of(parts.getFirst()).ifPresent(size -> sizes.set(expression, size));
            sizes.entry(parts.getFirst()).ifPresent(entry -> sizes.setEntry(expression, entry));
            return Size.add(costs.getFirst(), 1);
        }
        if (function.equals("_?_:_")) {
            return conditional(expression, parts, costs);
        }
        long most = 0;
        for (String overload : overloads(expression)) {
            Estimate estimate = FunctionEstimates.of(function, overload, operands);
            most = Math.max(most, estimate.cost());
            result(expression, overload, parts, estimate);
        }
        for (long cost : costs) {
            most = Size.add(most, cost);
        }
        return most;
    }

    private List<String> overloads(CelExpr call) {
        return tree.getReference(call.id())
                .<List<String>>map(reference -> reference.overloadIds())
                .orElse(List.of());
    }

    private Operand operand(CelExpr expression) {
        boolean number =
                expression.getKind() == ExprKind.Kind.CONSTANT
                        && expression.constant().getKind() == CelConstant.Kind.INT64_VALUE;
        return new Operand(
                sizes.type(expression),
                sizes.of(expression),
                sizes.items(expression),
                number
                        ? OptionalLong.of(expression.constant().int64Value())
                        : OptionalLong.empty());
    }

    /** What is known of the result; of several overloads, what holds for all of them. */
    private void result(
            CelExpr expression, String overload, List<CelExpr> parts, Estimate estimate) {
        Optional<Size> size = estimate.result();
        switch (overload) {
            case "index_list", "index_map" -> {
                String below = overload.equals("index_list") ? Sizes.ITEMS : Sizes.VALUES;
                sizes.setPath(expression, Sizes.below(sizes.path(parts.getFirst()), below));
                size = sizes.entry(parts.getFirst()).map(Entry::value);
            }
            case "add_string", "add_bytes", "add_list" ->
                    both(parts.get(0), parts.get(1))
                            .ifPresent(entry -> sizes.setEntry(expression, entry));
            default -> {}
        }
        Optional<Size> before = sizes.computed(expression);
        size.map(now -> before.map(now::or).orElse(now))
                .ifPresent(now -> sizes.set(expression, now));
    }

    private Optional<Entry> both(CelExpr left, CelExpr right) {
        return sizes.entry(left).flatMap(entry -> sizes.entry(right).map(entry::or));
    }

    private long conditional(CelExpr expression, List<CelExpr> parts, List<Long> costs) {
        CelExpr yes = parts.get(1);
        CelExpr no = parts.get(2);
        sizes.set(expression, sizes.orUnknown(yes).or(sizes.orUnknown(no)));
        both(yes, no).ifPresent(entry -> sizes.setEntry(expression, entry));
        return Size.add(costs.get(0), Math.max(costs.get(1), costs.get(2)));
    }

    private static String qualifiedName(CelExpr expression) {
        return switch (expression.getKind()) {
            case IDENT -> expression.ident().name();
            case SELECT ->
                    qualifiedName(expression.select().operand())
                            + "."
                            + expression.select().field();
            default -> "";
        };
    }

    private long list(CelExpr expression) {
        long cost = LIST_COST;
        Optional<Size> item = Optional.empty();
        for (CelExpr element : expression.list().elements()) {
            cost = Size.add(cost, cost(element));
            item = widened(item, element);
        }
        sizes.setEntry(expression, new Entry(true, Size.exactly(1), item.orElse(Size.exactly(0))));
        return cost;
    }

    private long map(CelExpr expression) {
        long cost = MAP_COST;
        Optional<Size> key = Optional.empty();
        Optional<Size> value = Optional.empty();
        for (CelExpr.CelMap.Entry entry : expression.map().entries()) {
            cost = Size.add(cost, Size.add(cost(entry.key()), cost(entry.value())));
            key = widened(key, entry.key());
            value = widened(value, entry.value());
        }
        sizes.setEntry(
                expression,
                new Entry(false, key.orElse(Size.exactly(0)), value.orElse(Size.exactly(0))));
        return cost;
    }

    private Optional<Size> widened(Optional<Size> before, CelExpr element) {
        Size size = sizes.orUnknown(element);
        return Optional.of(before.map(size::or).orElse(size));
    }

    private long struct(CelExpr expression) {
        long cost = STRUCT_COST;
        for (CelExpr.CelStruct.Entry entry : expression.struct().entries()) {
            cost = Size.add(cost, cost(entry.value()));
        }
        return cost;
    }

    private long comprehension(CelExpr expression, CelComprehension loop) {
        if (isBinding(loop)) {
            return binding(expression, loop);
        }
        CelExpr start = loop.accuInit();
        long once = Size.add(cost(loop.iterRange()), cost(start));
        Local outer = sizes.enter(loop.accuVar(), named(start, 1));
        long each = body(loop);
        once = Size.add(once, cost(loop.result()));
        sizes.leave(loop.accuVar(), outer);
        Size range = sizes.orUnknown(loop.iterRange());
        switch (start.getKind()) {
            case CONSTANT -> sizes.set(expression, sizes.orUnknown(start));
            case LIST, MAP -> {
                sizes.set(expression, range);
                sizes.entry(loop.loopStep()).ifPresent(entry -> sizes.setEntry(expression, entry));
            }
            default -> {}
        }
        return Size.add(once, Size.multiply(range.max(), each));
    }

    private Local named(CelExpr value, long cost) {
        return new Local(sizes.path(value), sizes.of(value), sizes.entry(value), cost);
    }

    /** dev.cel names the receiver of {@code optMap}; cel-go repeats it, and counts it twice. */
    private long binding(CelExpr expression, CelComprehension loop) {
        CelExpr value = loop.accuInit();
        boolean repeated = loop.accuVar().equals(RECEIVER);
        long cost = cost(value);
        Local outer = sizes.enter(loop.accuVar(), named(value, repeated ? cost : 1));
        long result = cost(loop.result());
        sizes.of(loop.result()).ifPresent(size -> sizes.set(expression, size));
        sizes.entry(loop.result()).ifPresent(entry -> sizes.setEntry(expression, entry));
        sizes.leave(loop.accuVar(), outer);
        return repeated ? result : Size.add(result, Size.add(cost, cost(loop.iterRange())));
    }

    /** A loop over nothing, whose result alone matters: how macros name a value. */
    private static boolean isBinding(CelComprehension loop) {
        return loop.iterRange().getKind() == ExprKind.Kind.LIST
                && loop.iterRange().list().elements().isEmpty()
                && loop.loopCondition().getKind() == ExprKind.Kind.CONSTANT
                && !loop.loopCondition().constant().booleanValue();
    }

    private long body(CelComprehension loop) {
        CelExpr range = loop.iterRange();
        boolean list =
                sizes.entry(range)
                        .map(Entry::list)
                        .orElse(sizes.type(range).kind() == CelKind.LIST);
        boolean two = !loop.iterVar2().isEmpty();
        Local keys = iterated(range, list ? "@indices" : Sizes.KEYS, Entry::key);
        Local values = iterated(range, list ? Sizes.ITEMS : Sizes.VALUES, Entry::value);
        Local first = sizes.enter(loop.iterVar(), two || !list ? keys : values);
        Local second = two ? sizes.enter(loop.iterVar2(), values) : null;
        long cost = Size.add(cost(loop.loopCondition()), cost(loop.loopStep()));
        if (two) {
            sizes.leave(loop.iterVar2(), second);
        }
        sizes.leave(loop.iterVar(), first);
        return cost;
    }

    private Local iterated(CelExpr range, String below, Function<Entry, Size> size) {
        return new Local(
                Sizes.below(sizes.path(range), below),
                sizes.entry(range).map(size),
                Optional.empty(),
                1);
    }
}
