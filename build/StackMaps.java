import java.io.IOException;
import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassElement;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassHierarchyResolver.ClassHierarchyInfo;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodModel;
import java.lang.classfile.MethodTransform;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Brings the classes of jars to a version that has stack maps, in place. Java keeps no class from
 * before Java 6 in its cache of a start (JEP 483) and checks it anew each time, in the old and slow
 * way.
 */
public final class StackMaps {
    private static final int OLDEST_KEPT = ClassFile.JAVA_6_VERSION;

    public static void main(String[] jars) throws IOException {
        for (String jar : jars) {
            try (FileSystem files = FileSystems.newFileSystem(Path.of(jar))) {
                rewrite(files.getPath("/"));
            }
        }
    }

    private static void rewrite(Path root) throws IOException {
        List<Path> classes;
        try (var all = Files.walk(root)) {
            classes = all.filter(file -> file.toString().endsWith(".class")).toList();
        }
        ClassFile format =
                ClassFile.of(
                        ClassFile.StackMapsOption.GENERATE_STACK_MAPS,
                        ClassFile.ClassHierarchyResolverOption.of(hierarchy(root)));
        for (Path file : classes) {
            ClassModel model = format.parse(Files.readAllBytes(file));
            if (model.majorVersion() < OLDEST_KEPT) {
                Files.write(file, format.transformClass(model, StackMaps::newer));
            }
        }
    }

    private static void newer(ClassBuilder builder, ClassElement element) {
        switch (element) {
            case ClassFileVersion _ -> builder.withVersion(ClassFile.JAVA_8_VERSION, 0);
            case MethodModel method ->
                    builder.transformMethod(
                            method, MethodTransform.transformingCode(CodeTransform.ACCEPT_ALL));
            default -> builder.with(element);
        }
    }

    /** The jar's own classes, the JDK's, and of what is neither that it is an interface. */
    private static ClassHierarchyResolver hierarchy(Path root) {
        return ClassHierarchyResolver.ofResourceParsing(
                        type -> {
                            String name = type.descriptorString();
                            Path file =
                                    root.resolve(name.substring(1, name.length() - 1) + ".class");
                            try {
                                return Files.exists(file) ? Files.newInputStream(file) : null;
                            } catch (IOException e) {
                                throw new java.io.UncheckedIOException(e);
                            }
                        })
                .orElse(ClassHierarchyResolver.defaultResolver())
                .orElse(_ -> ClassHierarchyInfo.ofInterface())
                .cached();
    }
}
