package io.hypernetes.api.types.admission;

import io.hypernetes.api.names.Names;
import io.hypernetes.api.types.kind.Field;

import java.net.URI;
import java.net.URISyntaxException;

/** Where a webhook is: a URL, or a service of the cluster. */
public final class ClientConfigRules {

    private static final String FORM = "; desired format: https://host[/path]";

    private ClientConfigRules() {}

    public static void check(Field config) {
        Field url = config.at("url");
        Field service = config.at("service");
        if (url.isSet() == service.isSet()) {
            config.tellRequired("exactly one of url or service is required");
        } else if (url.isSet()) {
            url(url);
        } else {
            service(service);
        }
    }

    private static void url(Field url) {
        URI uri;
        try {
            uri = new URI(url.text());
        } catch (URISyntaxException e) {
            url.tellRequired("url must be a valid URL: " + e.getMessage() + FORM);
            return;
        }
        if (!"https".equals(uri.getScheme())) {
            url.invalid(orEmpty(uri.getScheme()), "'https' is the only allowed URL scheme" + FORM);
        }
        if (orEmpty(uri.getHost()).isEmpty()) {
            url.invalid("", "host must be specified" + FORM);
        }
        if (uri.getUserInfo() != null) {
            url.invalid(uri.getUserInfo(), "user information is not permitted in the URL");
        }
        if (!orEmpty(uri.getFragment()).isEmpty()) {
            url.invalid(uri.getFragment(), "fragments are not permitted in the URL");
        }
        if (!orEmpty(uri.getRawQuery()).isEmpty()) {
            url.invalid(uri.getRawQuery(), "query parameters are not permitted in the URL");
        }
    }

    private static String orEmpty(@org.jspecify.annotations.Nullable String text) {
        return text == null ? "" : text;
    }

    private static void service(Field service) {
        service.at("name").required();
        service.at("namespace").required();
        Field port = service.at("port");
        if (port.number() < 1 || port.number() > 65_535) {
            port.invalid(
                    port.number(), "port is not valid: must be between 1 and 65535, inclusive");
        }
        path(service.at("path"));
    }

    private static void path(Field path) {
        String text = path.text();
        if (text.isEmpty() || text.equals("/")) {
            return;
        }
        if (text.equals("//")) {
            path.invalid("segment[0] may not be empty");
            return;
        }
        if (!text.startsWith("/")) {
            path.invalid("must start with a '/'");
        }
        String steps = text.substring(1, text.endsWith("/") ? text.length() - 1 : text.length());
        int index = 0;
        for (String step : steps.split("/", -1)) {
            String segment = "segment[" + index++ + "]";
            if (step.isEmpty()) {
                path.invalid(segment + " may not be empty");
            } else {
                Names.dnsSubdomain(step).forEach(wrong -> path.invalid(segment + ": " + wrong));
            }
        }
    }
}
