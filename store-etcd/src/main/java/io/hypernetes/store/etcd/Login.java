package io.hypernetes.store.etcd;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.hypernetes.store.StoreException;
import io.hypernetes.store.etcd.rpc.AuthenticateRequest;

import java.io.IOException;
import java.nio.file.Files;
import java.util.function.Function;

/**
 * The token of one of etcd's users, in the headers of every call. A token is forgotten when its
 * member starts again, when nobody used it for five minutes and when rights change: then another is
 * asked for.
 */
final class Login implements ClientInterceptor {
    private static final Metadata.Key<String> TOKEN =
            Metadata.Key.of("token", Metadata.ASCII_STRING_MARSHALLER);

    private final EtcdSettings.User user;

    /** Empty before the first login; changed under this. */
    private volatile String token = "";

    Login(EtcdSettings.User user) {
        this.user = user;
    }

    String token() {
        return token;
    }

    @Override
    public <Q, A> ClientCall<Q, A> interceptCall(
            MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
        return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
            @Override
            public void start(Listener<A> listener, Metadata headers) {
                if (!token.isEmpty()) {
                    headers.put(TOKEN, token);
                }
                super.start(listener, headers);
            }
        };
    }

    /**
     * Gets another token, unless somebody else has got one since.
     *
     * @param refused the token that etcd does not take any more
     * @param authenticate asks etcd; returns its token
     */
    synchronized void renew(String refused, Function<AuthenticateRequest, String> authenticate) {
        if (!token.equals(refused)) {
            return;
        }
        token = "";
        token =
                authenticate.apply(
                        AuthenticateRequest.newBuilder()
                                .setName(user.name())
                                .setPassword(password())
                                .build());
    }

    private String password() {
        try {
            return Files.readString(user.password()).stripTrailing();
        } catch (IOException e) {
            throw new StoreException(
                    "the password of etcd's user "
                            + user.name()
                            + " cannot be read from "
                            + user.password()
                            + ": "
                            + e.getMessage(),
                    e);
        }
    }
}
