package io.hypernetes.identity.rbac;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The bindings of one place by whom they name. One thread at a time changes them, any reads. */
final class BoundSubjects {

    private final Map<String, Binding> named = new ConcurrentHashMap<>();
    private final Map<Subject, Map<String, Binding>> bySubject = new ConcurrentHashMap<>();

    Collection<Binding> of(Subject subject) {
        Map<String, Binding> found = bySubject.get(subject);
        return found == null ? List.of() : found.values();
    }

    boolean isEmpty() {
        return named.isEmpty();
    }

    /**
     * Puts what is there now under a name in the place of what was there. Adds first, then removes:
     * who keeps a right does not lose it for an instant.
     */
    void replace(String name, Optional<Binding> now) {
        Optional<Binding> before = Optional.ofNullable(named.get(name));
        Set<Subject> kept = now.map(Binding::subjects).orElse(Set.of());
        now.ifPresentOrElse(binding -> named.put(name, binding), () -> named.remove(name));
        kept.forEach(subject -> put(subject, name, now.orElseThrow()));
        before.map(Binding::subjects).orElse(Set.of()).stream()
                .filter(subject -> !kept.contains(subject))
                .forEach(subject -> remove(subject, name));
    }

    private void put(Subject subject, String name, Binding binding) {
        bySubject.computeIfAbsent(subject, _ -> new ConcurrentHashMap<>()).put(name, binding);
    }

    private void remove(Subject subject, String name) {
        bySubject.computeIfPresent(
                subject,
                (_, bindings) -> {
                    bindings.remove(name);
                    return bindings.isEmpty() ? null : bindings;
                });
    }
}
