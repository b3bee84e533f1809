package io.hypernetes.store.etcd;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where the cluster is and which part of it is ours.
 *
 * @param members {@code host:port} of the members, in the order in which they are tried
 * @param prefix all keys begin with it and a slash: {@code /hypernetes}
 * @param tls empty: plain text
 * @param user of etcd's own; empty when it asks for none, or a certificate says who we are
 * @param compactEvery how much history is kept: one of the servers compacts so often, up to what
 *     was current the time before; zero: never, something else does it
 */
public record EtcdSettings(
        List<String> members,
        String prefix,
        Optional<Tls> tls,
        Optional<User> user,
        Duration compactEvery) {

    public static final String SCHEME = "etcd://";
    public static final String DEFAULT_PREFIX = "/hypernetes";

    /** As kube-apiserver does. */
    public static final Duration DEFAULT_COMPACTION = Duration.ofMinutes(5);

    /**
     * PEM files.
     *
     * @param authority signed the members' certificates
     * @param client proves who we are; empty when the members do not ask
     */
    public record Tls(Path authority, Optional<Client> client) {
        public record Client(Path certificate, Path key) {}
    }

    /**
     * A user of etcd's own.
     *
     * @param password file with nothing else in it; read whenever etcd wants to know it, so it may
     *     change
     */
    public record User(String name, Path password) {}

    public EtcdSettings {
        members = List.copyOf(members);
        if (members.isEmpty()) {
            throw new IllegalArgumentException("an etcd store needs a member: etcd://HOST:2379");
        }
        if (!prefix.startsWith("/") || prefix.endsWith("/") || prefix.indexOf('\u0000') >= 0) {
            throw new IllegalArgumentException(
                    "an etcd prefix begins with a slash and does not end with one: '"
                            + prefix
                            + "'");
        }
    }

    /** Plain text, our own prefix. */
    public static EtcdSettings of(List<String> members) {
        return new EtcdSettings(
                members, DEFAULT_PREFIX, Optional.empty(), Optional.empty(), DEFAULT_COMPACTION);
    }

    public EtcdSettings withPrefix(String other) {
        return new EtcdSettings(members, other, tls, user, compactEvery);
    }

    public EtcdSettings withTls(Optional<Tls> other) {
        return new EtcdSettings(members, prefix, other, user, compactEvery);
    }

    public EtcdSettings withUser(Optional<User> other) {
        return new EtcdSettings(members, prefix, tls, other, compactEvery);
    }

    public EtcdSettings withCompaction(Duration every) {
        return new EtcdSettings(members, prefix, tls, user, every);
    }

    /**
     * The members of {@code etcd://host:2379,host2:2379}; the port may be left out.
     *
     * @throws IllegalArgumentException when it is none
     */
    public static List<String> members(String uri) {
        if (!uri.startsWith(SCHEME)) {
            throw new IllegalArgumentException("not the address of an etcd cluster: " + uri);
        }
        List<String> members = new ArrayList<>();
        for (String member : uri.substring(SCHEME.length()).split(",", -1)) {
            String text = member.strip();
            if (text.isEmpty() || text.contains("/") || text.contains("@")) {
                throw new IllegalArgumentException(
                        "not a member of an etcd cluster: '" + text + "' in " + uri);
            }
            boolean port = text.lastIndexOf(':') > text.lastIndexOf(']');
            members.add(port ? text : text + ":2379");
        }
        return members;
    }
}
