package io.hypernetes.api;

import tools.jackson.databind.node.ObjectNode;

import java.util.List;

/**
 * Makes objects of one version of their resource into another: nothing at all, a pair of methods,
 * or a webhook's answer.
 */
public interface Conversion {

    /** All versions have the same fields: only {@code apiVersion} differs. */
    Conversion NONE =
            (objects, wanted) -> {
                objects.forEach(object -> object.put("apiVersion", wanted.apiVersion()));
                return objects;
            };

    /**
     * @param objects of one resource in any of its versions, the caller's: they may be changed or
     *     be part of the result
     * @return as many in the same order, all of the wanted version. Throws InternalError when one
     *     cannot be converted
     */
    List<ObjectNode> convert(List<ObjectNode> objects, GroupVersionKind wanted);
}
