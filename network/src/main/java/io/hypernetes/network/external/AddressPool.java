package io.hypernetes.network.external;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The operator's addresses outside, and who has which. All tenants share them, so an address has
 * one owner. One that is given back is given out again as late as can be: somebody may still speak
 * to its last owner.
 */
final class AddressPool {

    private final long first;
    private final long last;

    /** Owner by address; guarded by this. */
    private final Map<Long, String> owners = new TreeMap<>();

    /** Address by owner; guarded by this. */
    private final Map<String, Long> held = new HashMap<>();

    /** Where the search begins; guarded by this. */
    private long next;

    AddressPool(String first, String last) {
        this.first = number(first);
        this.last = number(last);
        this.next = this.first;
    }

    /** Remembers what an owner has already; false when somebody else has it or it is not ours. */
    synchronized boolean hold(String owner, String address) {
        long number = isAddress(address) ? number(address) : -1;
        if (number < first || number > last) {
            return false;
        }
        String other = owners.putIfAbsent(number, owner);
        if (other != null && !other.equals(owner)) {
            return false;
        }
        Long before = held.put(owner, number);
        if (before != null && before != number) {
            owners.remove(before);
        }
        return true;
    }

    /**
     * The address of an owner: what it has, else the one it wants, else the next that is free.
     *
     * @return empty when there is none, or the wanted one is somebody else's
     */
    synchronized Optional<String> claim(String owner, String wanted) {
        Long mine = held.get(owner);
        if (mine != null && (wanted.isEmpty() || text(mine).equals(wanted))) {
            return Optional.of(text(mine));
        }
        if (!wanted.isEmpty()) {
            return hold(owner, wanted) ? Optional.of(wanted) : Optional.empty();
        }
        for (long tried = first; tried <= last; tried++) {
            long candidate = next;
            next = next == last ? first : next + 1;
            if (!owners.containsKey(candidate)) {
                hold(owner, text(candidate));
                return Optional.of(text(candidate));
            }
        }
        return Optional.empty();
    }

    /** What an owner has. */
    synchronized Optional<String> of(String owner) {
        return Optional.ofNullable(held.get(owner)).map(AddressPool::text);
    }

    /** Owner by address. */
    synchronized Map<String, String> owners() {
        Map<String, String> all = new TreeMap<>();
        owners.forEach((address, owner) -> all.put(text(address), owner));
        return all;
    }

    synchronized void release(String owner) {
        Long address = held.remove(owner);
        if (address != null) {
            owners.remove(address);
        }
    }

    /**
     * Takes back what those have whose names begin so, but for some.
     *
     * @return the addresses
     */
    synchronized List<String> releaseExcept(String prefix, Set<String> staying) {
        List<String> leaving =
                held.keySet().stream()
                        .filter(owner -> owner.startsWith(prefix) && !staying.contains(owner))
                        .toList();
        List<String> addresses =
                leaving.stream().map(owner -> text(held.getOrDefault(owner, first))).toList();
        leaving.forEach(this::release);
        return addresses;
    }

    private static boolean isAddress(String text) {
        return text.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}");
    }

    private static long number(String address) {
        long number = 0;
        for (String part : address.split("\\.", -1)) {
            number = number << 8 | Integer.parseInt(part);
        }
        return number;
    }

    private static String text(long address) {
        return "%d.%d.%d.%d"
                .formatted(
                        address >> 24 & 255,
                        address >> 16 & 255,
                        address >> 8 & 255,
                        address & 255);
    }
}
