package io.hypernetes.store.etcd;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.hypernetes.store.StoreException;

import javax.net.ssl.SSLException;

/** What etcd's errors mean. It tells most of them apart by their text alone. */
final class Problems {

    private Problems() {}

    static boolean isCompacted(StatusRuntimeException e) {
        return says(e, "required revision has been compacted");
    }

    static boolean isFuture(StatusRuntimeException e) {
        return says(e, "required revision is a future revision");
    }

    /** The member refused before it proposed anything: any other may be asked. */
    static boolean isRefused(StatusRuntimeException e) {
        return says(e, "etcdserver: no leader")
                || says(e, "etcdserver: not capable")
                || says(e, "etcdserver: too many requests")
                || says(e, "etcdserver: rpc not supported for learner");
    }

    /** The call was refused unread: who asks is not known, or not any more. */
    static boolean wantsLogin(StatusRuntimeException e) {
        return says(e, "etcdserver: invalid auth token")
                || says(e, "etcdserver: user name is empty")
                || says(e, "etcdserver: revision of auth store is old");
    }

    /** Nothing is known: the member did not answer in time, or can no longer tell. */
    static boolean isLost(StatusRuntimeException e) {
        return switch (e.getStatus().getCode()) {
            case UNAVAILABLE, DEADLINE_EXCEEDED, CANCELLED, UNKNOWN, INTERNAL, ABORTED -> true;
            default -> false;
        };
    }

    /** A TLS handshake failed: one side does not accept the other's certificate. */
    static boolean isDistrust(Status status) {
        for (Throwable cause = status.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof SSLException) {
                return true;
            }
        }
        return false;
    }

    static StoreException of(StatusRuntimeException e) {
        String said = text(e.getStatus());
        String advice =
                switch (e.getStatus().getCode()) {
                    case UNAUTHENTICATED, PERMISSION_DENIED ->
                            ": does the client certificate, or the user, have the rights it needs?";
                    case RESOURCE_EXHAUSTED ->
                            said.contains("space")
                                    ? ": nothing was written. Compact and defragment it, then"
                                            + " disarm its alarm, or raise --quota-backend-bytes"
                                    : ": nothing was written";
                    case INVALID_ARGUMENT -> invalid(said);
                    default -> "";
                };
        return new StoreException("etcd says: " + said + advice, e);
    }

    private static String invalid(String said) {
        if (said.contains("user name is empty")) {
            return ": it wants to know who asks. Name a client certificate by --etcd-certfile and"
                    + " --etcd-keyfile, or a user by --etcd-user and --etcd-password-file";
        }
        if (said.contains("invalid user ID or password")) {
            return ": --etcd-user, or what is in --etcd-password-file, is not what etcd knows";
        }
        return said.contains("too large") || said.contains("too many operations")
                ? ": nothing was written. etcd's --max-request-bytes and --max-txn-ops set the"
                        + " limit"
                : "";
    }

    static String text(Status status) {
        String description = status.getDescription();
        String text = description == null ? status.getCode().toString() : description;
        Throwable cause = status.getCause();
        String deeper = cause == null ? null : cause.getMessage();
        return deeper == null ? text : text + " (" + deeper + ")";
    }

    private static boolean says(StatusRuntimeException e, String text) {
        String description = e.getStatus().getDescription();
        return description != null && description.contains(text);
    }
}
