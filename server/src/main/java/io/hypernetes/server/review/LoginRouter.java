package io.hypernetes.server.review;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.Status.Reason;
import io.hypernetes.api.access.TokenIssuer;
import io.hypernetes.api.access.TokenIssuer.Token;
import io.hypernetes.api.json.Json;
import io.hypernetes.server.access.Router;
import io.hypernetes.server.access.Session;
import io.hypernetes.server.http.Exchange;
import io.hypernetes.server.output.Answers;
import io.hypernetes.server.request.RequestInfo;
import io.hypernetes.server.resource.ResourceHandler;

import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** {@code POST /login}: a password or certificate for a token that is good for one tenant. */
public final class LoginRouter implements Router {
    private final TokenIssuer tokens;

    public LoginRouter(TokenIssuer tokens) {
        this.tokens = tokens;
    }

    @Override
    public boolean handle(Exchange exchange, Session session, RequestInfo info) throws IOException {
        if (info.isResource() || !info.path().equals("/login")) {
            return false;
        }
        if (!info.verb().equals("post")) {
            throw ResourceHandler.methodNotAllowed();
        }
        if (session.isAnonymous()) {
            throw ApiException.of(Reason.UNAUTHORIZED, "Unauthorized");
        }
        if (session.impersonator().isPresent()) {
            throw ApiException.of(Reason.FORBIDDEN, "nobody logs in as somebody else");
        }
        // A token that could renew itself would live for ever.
        if (exchange.header("Authorization")
                .orElse("")
                .toLowerCase(Locale.ROOT)
                .startsWith("bearer")) {
            throw ApiException.of(
                    Reason.FORBIDDEN,
                    "a token cannot be exchanged for another: log in with a password or a"
                            + " certificate");
        }
        Token token = tokens.forUser(session.tenant(), session.user());
        ObjectNode answer = Json.object();
        answer.put("kind", "Login").put("apiVersion", "hypernetes.io/v1");
        answer.putObject("status")
                .put("token", token.value())
                .put(
                        "expirationTimestamp",
                        token.expires().truncatedTo(ChronoUnit.SECONDS).toString())
                .put("tenant", session.tenant().name())
                .put("user", session.user().name());
        exchange.reply(Answers.json(201, answer));
        return true;
    }
}
