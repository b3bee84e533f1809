package io.hypernetes.store.encryption;

import io.hypernetes.store.KeyRange;
import io.hypernetes.store.ObjectPath;
import io.hypernetes.store.StoreKey;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The kinds whose objects are kept encrypted.
 *
 * @param locations {@code group/resource/}, as keys of objects begin
 */
public record EncryptedKinds(Set<String> locations) implements Scope {
    private static final String TENANTS = "hypernetes.io/tenants/system//";

    public EncryptedKinds {
        locations = Set.copyOf(locations);
    }

    /**
     * @param names {@code secrets} or {@code widgets.example.com}
     */
    public static EncryptedKinds of(List<String> names) {
        Set<String> locations = new TreeSet<>();
        for (String name : names) {
            int dot = name.indexOf('.');
            String group = dot < 0 ? "" : name.substring(dot + 1);
            String resource = dot < 0 ? name : name.substring(0, dot);
            locations.add(group + "/" + resource + "/");
        }
        return new EncryptedKinds(locations);
    }

    @Override
    public Optional<String> owner(StoreKey key) {
        String text = key.toString();
        for (String location : locations) {
            if (text.startsWith(location)) {
                return ObjectPath.find(key).map(ObjectPath::tenant);
            }
        }
        return Optional.empty();
    }

    /** A tenant's keys live as long as its Tenant object. */
    @Override
    public Optional<String> ends(StoreKey key) {
        String text = key.toString();
        return text.startsWith(TENANTS)
                ? Optional.of(text.substring(TENANTS.length()))
                : Optional.empty();
    }

    @Override
    public StoreKey life(String tenant) {
        return StoreKey.of(TENANTS + tenant);
    }

    @Override
    public List<KeyRange> ranges(Optional<String> tenant) {
        List<KeyRange> ranges = new ArrayList<>();
        for (String location : new TreeSet<>(locations)) {
            String prefix = location + tenant.map(name -> name + "/").orElse("");
            ranges.add(KeyRange.ofPrefix(prefix));
        }
        return ranges;
    }
}
