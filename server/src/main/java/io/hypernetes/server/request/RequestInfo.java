package io.hypernetes.server.request;

import io.hypernetes.api.select.FieldSelector;
import io.hypernetes.server.http.Query;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What a request asks for, by the rules of Kubernetes' {@code RequestInfo}: authorization rules are
 * written in these words.
 *
 * @param verb {@code get}, {@code list}, {@code watch}, …, or the lower-case method when the path
 *     is no resource
 * @param resource empty when the path is no resource
 * @param path the path without the tenant's prefix
 */
public record RequestInfo(
        String verb,
        String group,
        String version,
        String resource,
        String subresource,
        String namespace,
        String name,
        String path) {
    private static final Set<String> NAMESPACE_SUBRESOURCES = Set.of("status", "finalize");

    public boolean isResource() {
        return !resource.isEmpty();
    }

    public static RequestInfo of(String method, Target target, Query query) {
        List<String> segments = target.segments();
        int prefix = prefixLength(segments);
        if (prefix == 0 || segments.size() <= prefix) {
            return nonResource(method, target.path());
        }
        String group = prefix == 2 ? "" : segments.get(1);
        String version = segments.get(prefix - 1);
        return resource(
                method,
                group,
                version,
                segments.subList(prefix, segments.size()),
                target.path(),
                query);
    }

    /** The same request by another verb. */
    public RequestInfo withVerb(String other) {
        return new RequestInfo(other, group, version, resource, subresource, namespace, name, path);
    }

    private static int prefixLength(List<String> segments) {
        return switch (segments.isEmpty() ? "" : segments.getFirst()) {
            case "api" -> 2;
            case "apis" -> 3;
            default -> 0;
        };
    }

    private static RequestInfo nonResource(String method, String path) {
        String verb = method.equals("HEAD") ? "get" : method.toLowerCase(Locale.ROOT);
        return new RequestInfo(verb, "", "", "", "", "", "", path);
    }

    private static RequestInfo resource(
            String method,
            String group,
            String version,
            List<String> rest,
            String path,
            Query query) {
        if (rest.size() > 1 && rest.getFirst().equals("watch") && method.equals("GET")) {
            // The way to watch before the query parameter; a name selects that one object.
            RequestInfo watched =
                    resource(method, group, version, rest.subList(1, rest.size()), path, query);
            return watched.subresource.isEmpty() ? watched.withVerb("watch") : watched;
        }
        String namespace = "";
        List<String> parts = rest;
        if (rest.getFirst().equals("namespaces") && rest.size() > 1) {
            namespace = rest.get(1);
            // namespaces/x is the object itself, and so are its own subresources.
            if (rest.size() > 2 && !NAMESPACE_SUBRESOURCES.contains(rest.get(2))) {
                parts = rest.subList(2, rest.size());
            }
        }
        String name = parts.size() > 1 ? parts.get(1) : "";
        String subresource =
                parts.size() > 2 ? String.join("/", parts.subList(2, parts.size())) : "";
        if (subresource.startsWith("proxy/")) {
            // What follows is another server's path.
            subresource = "proxy";
        }
        String verb = verb(method, name.isEmpty(), query);
        if (name.isEmpty() && Set.of("list", "watch", "deletecollection").contains(verb)) {
            name = selectedName(query);
        }
        return new RequestInfo(
                verb, group, version, parts.getFirst(), subresource, namespace, name, path);
    }

    /** A list of exactly one name counts as naming it, so that a rule with names covers it. */
    private static String selectedName(Query query) {
        String selector = query.get("fieldSelector");
        return selector.isEmpty()
                ? ""
                : FieldSelector.parse(selector).exactly("metadata.name").orElse("");
    }

    private static String verb(String method, boolean collection, Query query) {
        return switch (method) {
            case "POST" -> "create";
            case "PUT" -> "update";
            case "PATCH" -> "patch";
            case "DELETE" -> collection ? "deletecollection" : "delete";
            case "GET", "HEAD" -> {
                // Only a collection is watched: the right to one name is none to its neighbours.
                if (!collection) {
                    yield "get";
                }
                yield query.flag("watch") ? "watch" : "list";
            }
            default -> method.toLowerCase(Locale.ROOT);
        };
    }
}
