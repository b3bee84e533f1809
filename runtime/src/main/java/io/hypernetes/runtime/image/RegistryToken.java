package io.hypernetes.runtime.image;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Answers a registry's {@code WWW-Authenticate} challenge (distribution specification, token
 * authentication; RFC 7617 for Basic) with the value of an {@code Authorization} header.
 */
final class RegistryToken {

    private static final Pattern PARAMETER = Pattern.compile("([a-zA-Z_]+)=\"([^\"]*)\"");
    private static final int MAX_ANSWER = 1 << 20;

    private final HttpClient http;
    private final RegistryCredentials credentials;
    private final boolean plain;

    RegistryToken(HttpClient http, RegistryCredentials credentials, boolean plain) {
        this.http = http;
        this.credentials = credentials;
        this.plain = plain;
    }

    /** Empty when there is nothing to answer with. */
    String answer(String challenge, ImageName image) throws IOException, InterruptedException {
        if (credentials instanceof RegistryCredentials.Token token) {
            return "Bearer " + token.token();
        }
        if (challenge.regionMatches(true, 0, "Basic", 0, 5)) {
            return credentials instanceof RegistryCredentials.Password password
                    ? password.basic()
                    : "";
        }
        if (!challenge.regionMatches(true, 0, "Bearer ", 0, 7)) {
            return "";
        }
        Map<String, String> parameters = new HashMap<>();
        Matcher matcher = PARAMETER.matcher(challenge);
        while (matcher.find()) {
            parameters.put(matcher.group(1), matcher.group(2));
        }
        return "Bearer " + fetch(tokenUri(parameters, image), image);
    }

    private URI tokenUri(Map<String, String> parameters, ImageName image) {
        String realm = parameters.getOrDefault("realm", "");
        // A registry must not send us, and perhaps a password, to where it could not go itself.
        if (!realm.startsWith("https://") && !(plain && realm.startsWith("http://"))) {
            throw ImageException.invalid(
                    "the registry " + image.registry() + " names an unsafe token service");
        }
        String scope =
                parameters.getOrDefault("scope", "repository:" + image.repository() + ":pull");
        String query =
                "service="
                        + URLEncoder.encode(
                                parameters.getOrDefault("service", ""), StandardCharsets.UTF_8)
                        + "&scope="
                        + URLEncoder.encode(scope, StandardCharsets.UTF_8);
        try {
            return URI.create(realm + (realm.indexOf('?') < 0 ? "?" : "&") + query);
        } catch (IllegalArgumentException e) {
            throw new ImageException(
                    ImageException.Reason.INVALID,
                    "the registry " + image.registry() + " names an invalid token service",
                    e);
        }
    }

    private String fetch(URI uri, ImageName image) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(30));
        if (credentials instanceof RegistryCredentials.Password password) {
            request.header("Authorization", password.basic());
        }
        HttpResponse<InputStream> response =
                http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        byte[] body;
        try (InputStream in = response.body()) {
            body = in.readNBytes(MAX_ANSWER);
        }
        if (response.statusCode() == 401 || response.statusCode() == 403) {
            throw new ImageException(
                    ImageException.Reason.UNAUTHORIZED,
                    "pull of " + image + " denied: the token service refused the credentials");
        }
        if (response.statusCode() != 200) {
            throw new IOException(
                    "the token service of "
                            + image.registry()
                            + " answered "
                            + response.statusCode());
        }
        JsonNode root = Manifest.json(body, "the token");
        return root.path("token").asString(root.path("access_token").asString(""));
    }
}
