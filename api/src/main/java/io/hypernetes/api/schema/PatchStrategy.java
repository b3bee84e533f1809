package io.hypernetes.api.schema;

/**
 * How a strategic merge patch treats a field: {@code x-kubernetes-patch-strategy} and {@code
 * x-kubernetes-patch-merge-key}.
 *
 * @param merge a list is merged instead of replaced
 * @param replace an object is replaced instead of merged
 * @param retainKeys only the keys that the patch lists survive
 * @param mergeKey the field that tells items of a merged list apart, empty for lists of scalars
 */
public record PatchStrategy(boolean merge, boolean replace, boolean retainKeys, String mergeKey) {

    /** Objects are merged, lists are replaced. */
    public static final PatchStrategy NONE = new PatchStrategy(false, false, false, "");

    /**
     * @param strategy the marker's value, comma-separated, may be empty
     */
    static PatchStrategy of(String strategy, String mergeKey) {
        if (strategy.isEmpty() && mergeKey.isEmpty()) {
            return NONE;
        }
        boolean merge = false;
        boolean replace = false;
        boolean retainKeys = false;
        for (String part : strategy.split(",", -1)) {
            switch (part) {
                case "merge" -> merge = true;
                case "replace" -> replace = true;
                case "retainKeys" -> retainKeys = true;
                default -> {}
            }
        }
        return new PatchStrategy(merge, replace, retainKeys, mergeKey);
    }
}
