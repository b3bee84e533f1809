package io.hypernetes.server.access;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.Status.Reason;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.access.Attributes;
import io.hypernetes.api.access.Identity;
import io.hypernetes.api.access.UserInfo;
import io.hypernetes.server.http.Exchange;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Acting as somebody else, by the headers {@code Impersonate-…}: every part of the other needs the
 * verb {@code impersonate} in the world that the request acts in. The world stays, and nobody
 * becomes an operator by it.
 */
final class Impersonation {
    private static final String USER = "Impersonate-User";
    private static final String UID = "Impersonate-Uid";
    private static final String GROUP = "Impersonate-Group";
    private static final String EXTRA = "impersonate-extra-";
    private static final String AUTHENTICATION = "authentication.k8s.io";
    private static final String SYSTEM = "system:";
    private static final String ACCOUNT = "system:serviceaccount:";
    private static final String ACCOUNTS = "system:serviceaccounts";

    /**
     * Kubernetes' own names that a tenant may use as it likes: they mean something in its world.
     */
    private static final Set<String> HARMLESS =
            Set.of(UserInfo.ANONYMOUS, UserInfo.AUTHENTICATED, UserInfo.UNAUTHENTICATED, ACCOUNTS);

    private final Access access;

    Impersonation(Access access) {
        this.access = access;
    }

    /** The session to go on with. Throws Forbidden, and BadRequest for half of somebody. */
    Session apply(Exchange exchange, Session session) {
        Optional<String> name = exchange.header(USER).filter(text -> !text.isEmpty());
        List<String> groups = exchange.headers(GROUP);
        Optional<String> uid = exchange.header(UID).filter(text -> !text.isEmpty());
        Map<String, List<String>> extra = extra(exchange);
        if (name.isEmpty()) {
            if (!groups.isEmpty() || uid.isPresent() || !extra.isEmpty()) {
                throw ApiException.badRequest(
                        "requested impersonation of a group, uid or extra field without"
                                + " impersonating a user");
            }
            return session;
        }
        Tenant tenant = session.tenant();
        Question question = new Question(session, tenant);
        question.user(name.get());
        groups.forEach(group -> question.ask("", "groups", "", "", group));
        uid.ifPresent(id -> question.ask(AUTHENTICATION, "uids", "", "", id));
        extra.forEach((key, values) ->
                values.forEach(
                        value -> question.ask(AUTHENTICATION, "userextras", key, "", value)));
        UserInfo other =
                new UserInfo(name.get(), uid.orElse(""), groups(name.get(), groups), extra);
        return new Session(
                new Identity(other, Optional.of(tenant), Set.of(tenant), false),
                session.world(),
                Optional.of(session.user()));
    }

    /** Whether one user may be another, part by part. */
    private final class Question {
        private final Session session;
        private final Tenant tenant;

        Question(Session session, Tenant tenant) {
            this.session = session;
            this.tenant = tenant;
        }

        void user(String name) {
            String[] parts = name.split(":", -1);
            if (name.startsWith(ACCOUNT) && parts.length == 4) {
                ask("", "serviceaccounts", "", parts[2], parts[3]);
            } else {
                ask("", "users", "", "", name);
            }
        }

        void ask(String group, String resource, String subresource, String namespace, String name) {
            Attributes attributes =
                    new Attributes(
                            session.user(),
                            tenant,
                            "impersonate",
                            group,
                            "v1",
                            resource,
                            subresource,
                            namespace,
                            name,
                            "");
            boolean named = resource.equals("users") || resource.equals("groups");
            if (named && !session.identity().operator() && isReserved(name)) {
                throw attributes.forbidden("only an operator may");
            }
            access.require(attributes);
        }
    }

    private static boolean isReserved(String name) {
        return name.startsWith(SYSTEM)
                && !HARMLESS.contains(name)
                && !name.startsWith(ACCOUNTS + ":");
    }

    private static List<String> groups(String user, List<String> wanted) {
        List<String> groups = new ArrayList<>(wanted);
        if (groups.isEmpty() && user.startsWith(ACCOUNT)) {
            groups.add(ACCOUNTS);
            groups.add(ACCOUNTS + ":" + user.substring(ACCOUNT.length()).split(":", -1)[0]);
        }
        String always =
                user.equals(UserInfo.ANONYMOUS) ? UserInfo.UNAUTHENTICATED : UserInfo.AUTHENTICATED;
        if (!groups.contains(always)) {
            groups.add(always);
        }
        return List.copyOf(groups);
    }

    private static Map<String, List<String>> extra(Exchange exchange) {
        Map<String, List<String>> extra = new LinkedHashMap<>();
        for (String header : exchange.headerNames()) {
            String lower = header.toLowerCase(Locale.ROOT);
            if (lower.startsWith(EXTRA)) {
                extra.put(decoded(lower.substring(EXTRA.length())), exchange.headers(header));
            }
        }
        return extra;
    }

    /** What no header's name may have is percent-encoded. */
    private static String decoded(String key) {
        try {
            return URLDecoder.decode(key.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw ApiException.of(Reason.BAD_REQUEST, "invalid key of an extra field: " + key);
        }
    }
}
