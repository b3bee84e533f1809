package io.hypernetes.cel;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelIssue;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.CelValidationResult;
import dev.cel.common.types.CelType;
import dev.cel.common.types.OpaqueType;
import dev.cel.common.types.OptionalType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.TypeType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerBuilder;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.extensions.CelExtensions;
import dev.cel.parser.CelStandardMacro;

import io.hypernetes.cel.evaluation.Planner;
import io.hypernetes.cel.library.Functions;
import io.hypernetes.cel.library.Libraries;
import io.hypernetes.cel.library.OpaqueName;
import io.hypernetes.cel.library.StructFactory;
import io.hypernetes.cel.type.CheckerTypes;
import io.hypernetes.cel.type.DeclaredType;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The variables and types that expressions may use, over all of Kubernetes' libraries. Immutable;
 * building one from another costs microseconds, the first of all some tenths of a second.
 */
public final class Environment {
    private final Map<String, CelType> variables;
    private final List<DeclaredType> types;
    private final StructFactory structs;
    private final CelCompiler compiler;

    private Environment(
            Map<String, CelType> variables, List<DeclaredType> types, StructFactory structs) {
        this.variables = variables;
        this.types = types;
        this.structs = structs;
        CelCompilerBuilder builder = Base.COMPILER.toCompilerBuilder();
        if (!types.isEmpty()) {
            builder.setTypeProvider(CheckerTypes.provider(types));
        }
        variables.forEach(builder::addVar);
        this.compiler = builder.build();
    }

    /** Loaded with the first environment. */
    private static final class Base {
        static final Functions FUNCTIONS = Libraries.all();
        static final CelCompiler COMPILER =
                CelCompilerFactory.standardCelCompilerBuilder()
                        .setOptions(
                                CelOptions.current()
                                        .enableOptionalSyntax(true)
                                        .enableHeterogeneousNumericComparisons(true)
                                        .enableReservedIds(true)
                                        .enableHiddenAccumulatorVar(true)
                                        .maxExpressionCodePointSize(Limits.EXPRESSION_CHARACTERS)
                                        .build())
                        .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
                        .addLibraries(CelExtensions.optional(), CelExtensions.comprehensions())
                        .addFunctionDeclarations(FUNCTIONS.declarations())
                        // The two types that are called as the messages that cel-go has them of.
                        .addVar("google.protobuf.Duration", TypeType.create(SimpleType.DURATION))
                        .addVar("google.protobuf.Timestamp", TypeType.create(SimpleType.TIMESTAMP))
                        .build();
        static final Environment STANDARD =
                new Environment(Map.of(), List.of(), StructFactory.NONE);

        private Base() {}
    }

    /** Without variables. */
    public static Environment standard() {
        return Base.STANDARD;
    }

    static boolean isFunction(String name) {
        return Base.FUNCTIONS.isNamespaced(name);
    }

    public Environment with(String variable, DeclaredType type) {
        return with(variable, type, CheckerTypes.of(type));
    }

    /** The variable is an optional value of the type. */
    public Environment withOptional(String variable, DeclaredType type) {
        return with(variable, type, OptionalType.create(CheckerTypes.of(type)));
    }

    /** A variable of a type that a library declares. */
    public Environment withOpaque(String variable, OpaqueName type) {
        return with(variable, DeclaredType.DYN, OpaqueType.create(type.name()));
    }

    /** A variable that another expression gives. */
    public Environment withResult(String variable, Expression expression) {
        return with(variable, DeclaredType.DYN, expression.resultType());
    }

    /** The same without some of its variables. */
    public Environment without(String... names) {
        Map<String, CelType> fewer = new LinkedHashMap<>(variables);
        fewer.keySet().removeAll(Set.of(names));
        return new Environment(Map.copyOf(fewer), types, structs);
    }

    /** Compiles an expression that constructs {@code Object{…}} or {@code JSONPatch{…}}. */
    public Expression compileMutation(String text) throws CompilationException {
        return Constructors.extend(this, compiler, text).compile(text);
    }

    /** Gives the values of {@code Type{…}} expressions. */
    Environment constructing(StructFactory factory, DeclaredType... constructed) {
        List<DeclaredType> known = new ArrayList<>(types);
        known.addAll(List.of(constructed));
        return new Environment(variables, List.copyOf(known), factory);
    }

    private Environment with(String variable, DeclaredType type, CelType checked) {
        Map<String, CelType> more = new LinkedHashMap<>(variables);
        more.put(variable, checked);
        List<DeclaredType> known = new ArrayList<>(types);
        known.add(type);
        return new Environment(Map.copyOf(more), List.copyOf(known), structs);
    }

    /**
     * @return what is compiled once and for all; keep it. Throws CompilationException with the
     *     checker's message: {@code ERROR: <input>:1:5: undeclared reference to 'x' …}
     */
    public Expression compile(String text) throws CompilationException {
        try {
            CelValidationResult result = compiler.compile(text);
            if (!result.getErrors().isEmpty()) {
                throw new CompilationException(
                        CompilerMessages.of(result.getErrors(), result.getSource()));
            }
            CelAbstractSyntaxTree tree = result.getAst();
            List<CelIssue> literals = LiteralChecks.check(tree);
            if (!literals.isEmpty()) {
                throw new CompilationException(CompilerMessages.of(literals, result.getSource()));
            }
            return new Expression(text, tree, Planner.plan(tree, Base.FUNCTIONS, structs));
        } catch (CelValidationException e) {
            throw new CompilationException(CompilerMessages.of(e));
        } catch (StackOverflowError e) {
            throw new CompilationException(
                    "ERROR: <input>:1:1: expression recursion limit exceeded");
        }
    }
}
