package io.hypernetes.cel.library;

/** All libraries that Kubernetes' expressions have. */
public final class Libraries {
    private Libraries() {}

    public static Functions all() {
        Functions functions = new Functions();
        StandardLibrary.declare(functions, functions.opaqueTypes());
        ConversionLibrary.declare(functions);
        TimeLibrary.declare(functions);
        OptionalLibrary.declare(functions);
        StringLibrary.declare(functions);
        ListLibrary.declare(functions);
        KubernetesLibrary.declare(functions);
        NetworkLibrary.declare(functions);
        FormatLibrary.declare(functions);
        AuthorizerLibrary.declare(functions);
        return functions;
    }
}
