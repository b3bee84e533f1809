package io.hypernetes.schema.extract;

import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Gives each model class the name of its definition. A class is named after version and kind alone
 * ({@code V1Deployment}); its group is found in the name where two groups would collide, else by a
 * message of that name, else by the one API of that version that uses the class.
 */
final class DefinitionNames {

    private static final Pattern CLASS =
            Pattern.compile("(\\w*?)(V\\d+(?:(?:alpha|beta)\\d+)?)([A-Z]\\w*)");
    private static final String META = "io.k8s.apimachinery.pkg.apis.meta.v1.";
    private static final Map<String, String> API_GROUPS =
            Map.of(
                    "flowcontrolapiserver", "flowcontrol",
                    "internalapiserver", "apiserverinternal",
                    "rbacauthorization", "rbac");
    private static final Map<String, String> PACKAGES =
            Map.of(
                    "apiextensions", "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.",
                    "apiregistration", "io.k8s.kube-aggregator.pkg.apis.apiregistration.");

    private final Map<String, Message> messages;

    /** For each package with version ({@code io.k8s.api.apps.v1.}) the classes its API uses. */
    private final Map<String, Set<Class<?>>> reach = new LinkedHashMap<>();

    DefinitionNames(Map<String, Message> messages, List<Class<?>> groupVersions) {
        this.messages = messages;
        for (Class<?> api : groupVersions) {
            Matcher name = CLASS.matcher(api.getSimpleName());
            if (name.matches()) {
                reach.put(definitionPackage(name.group(1), name.group(2)), reachable(api));
            }
        }
    }

    /** Names for all the classes, in their order. */
    Map<Class<?>, String> name(List<Class<?>> models) {
        Map<Class<?>, String> names = new LinkedHashMap<>();
        models.forEach(model -> names.put(model, name(model)));
        return names;
    }

    private String name(Class<?> model) {
        Matcher parts = CLASS.matcher(model.getSimpleName());
        if (!parts.matches()) {
            if (model.getSimpleName().equals("VersionInfo")) {
                return "io.k8s.apimachinery.pkg.version.Info";
            }
            throw new IllegalStateException("No rule names the class " + model.getName());
        }
        String version = parts.group(2);
        String kind = parts.group(3);
        if (!parts.group(1).isEmpty()) {
            return definitionPackage(parts.group(1), version) + kind;
        }
        if (version.equals("V1") && messages.containsKey(META + kind)) {
            return META + kind;
        }
        List<String> users =
                reach.keySet().stream()
                        .filter(p -> p.endsWith("." + version.toLowerCase() + "."))
                        .filter(p -> reach.getOrDefault(p, Set.of()).contains(model))
                        .toList();
        List<String> described =
                reach.keySet().stream()
                        .filter(p -> p.endsWith("." + version.toLowerCase() + "."))
                        .filter(p -> messages.containsKey(p + kind))
                        .toList();
        List<String> both = users.stream().filter(described::contains).toList();
        for (List<String> candidates : List.of(both, described, users)) {
            if (candidates.size() == 1) {
                return candidates.getFirst() + kind;
            }
        }
        throw new IllegalStateException(
                model.getName() + " may belong to " + users + " or " + described + ": add a rule");
    }

    private static String definitionPackage(String classPrefix, String version) {
        String lower = classPrefix.toLowerCase();
        String group = API_GROUPS.getOrDefault(lower, lower);
        return PACKAGES.getOrDefault(group, "io.k8s.api." + group + ".")
                + version.toLowerCase()
                + ".";
    }

    /** Every class of the model that an API's requests and answers are made of. */
    private static Set<Class<?>> reachable(Class<?> api) {
        Deque<Type> open = new ArrayDeque<>();
        Set<Class<?>> found = new LinkedHashSet<>();
        addTypes(api, open);
        for (Class<?> request : api.getDeclaredClasses()) {
            addTypes(request, open);
        }
        while (!open.isEmpty()) {
            switch (open.pop()) {
                case ParameterizedType generic ->
                        open.addAll(List.of(generic.getActualTypeArguments()));
                case Class<?> type
                        when type.getPackageName()
                                .equals("io.kubernetes.client.openapi.models") -> {
                    if (found.add(type)) {
                        ModelClasses.properties(type).values().forEach(p -> open.push(p.type()));
                    }
                }
                default -> {}
            }
        }
        return found;
    }

    private static void addTypes(Class<?> type, Deque<Type> open) {
        for (Method method : type.getDeclaredMethods()) {
            open.add(method.getGenericReturnType());
            open.addAll(List.of(method.getGenericParameterTypes()));
        }
    }

    /** The other versions of a definition's group that have a message of the same name. */
    static List<Message> siblings(String definition, Map<String, Message> messages) {
        int dot = definition.lastIndexOf('.');
        String kind = definition.substring(dot);
        String group = definition.substring(0, definition.lastIndexOf('.', dot - 1) + 1);
        Map<String, Message> found = new HashMap<>();
        messages.forEach((name, message) -> {
            if (name.startsWith(group)
                    && name.endsWith(kind)
                    && name.substring(group.length()).chars().filter(c -> c == '.').count() == 1) {
                found.put(name, message);
            }
        });
        return found.entrySet().stream()
                .sorted(Map.Entry.<String, Message>comparingByKey())
                .map(Map.Entry::getValue)
                .toList();
    }
}
