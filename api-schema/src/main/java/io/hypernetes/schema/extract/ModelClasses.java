package io.hypernetes.schema.extract;

import com.google.gson.annotations.SerializedName;

import io.swagger.annotations.ApiModel;
import io.swagger.annotations.ApiModelProperty;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** The classes of the Java client, read by reflection. */
final class ModelClasses {

    private static final String MODELS = "io/kubernetes/client/openapi/models/";
    private static final String APIS = "io/kubernetes/client/openapi/apis/";

    private ModelClasses() {}

    /**
     * A property of a model class.
     *
     * @param name the JSON name
     */
    record Property(String name, Type type, boolean required, String description) {}

    /** The model classes of the jar, without the client's own, which are no definition. */
    static List<Class<?>> models(Path jar) {
        return classes(jar, MODELS).stream()
                .filter(type -> !type.getSimpleName().equals("AbstractOpenApiSchema"))
                .filter(type -> !type.getSimpleName().matches("V2(beta1)?API\\w+Discovery(List)?"))
                .filter(type -> !type.getSimpleName().equals("V1GroupVersionKind"))
                .toList();
    }

    /** {@code AppsV1Api} and the like: a class for each group and version. */
    static List<Class<?>> groupVersions(Path jar) {
        return classes(jar, APIS).stream()
                .filter(api -> api.getSimpleName().matches(".*V\\d+((alpha|beta)\\d+)?Api"))
                .toList();
    }

    /** Names and types of the properties, in alphabetical order as OpenAPI documents have them. */
    static Map<String, Property> properties(Class<?> model) {
        Map<String, Property> properties = new TreeMap<>();
        for (Field field : model.getDeclaredFields()) {
            SerializedName name = field.getAnnotation(SerializedName.class);
            if (name == null) {
                continue;
            }
            boolean required = false;
            String description = "";
            for (Method method : model.getDeclaredMethods()) {
                ApiModelProperty about = method.getAnnotation(ApiModelProperty.class);
                if (about != null && isGetter(method, field)) {
                    required = about.required();
                    description = about.value();
                }
            }
            properties.put(
                    name.value(),
                    new Property(name.value(), field.getGenericType(), required, description));
        }
        return properties;
    }

    static String description(Class<?> model) {
        ApiModel about = model.getAnnotation(ApiModel.class);
        return about == null ? "" : about.description();
    }

    private static boolean isGetter(Method method, Field field) {
        if (method.getParameterCount() != 0) {
            return false;
        }
        String name = method.getName();
        return name.equalsIgnoreCase("get" + field.getName())
                || name.equalsIgnoreCase("is" + field.getName())
                || name.equalsIgnoreCase("get" + field.getName().replace("_", ""));
    }

    private static List<Class<?>> classes(Path jar, String folder) {
        List<Class<?>> classes = new ArrayList<>();
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            for (String name : zip.stream().map(ZipEntry::getName).sorted().toList()) {
                if (name.startsWith(folder) && name.endsWith(".class") && !name.contains("$")) {
                    classes.add(
                            Class.forName(
                                    name.substring(0, name.length() - ".class".length())
                                            .replace('/', '.'),
                                    false,
                                    ModelClasses.class.getClassLoader()));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + jar + "; delete it and build again", e);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(
                    jar + " is not the jar on the class path: give the build one version of it", e);
        }
        return classes;
    }
}
