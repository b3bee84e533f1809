package io.hypernetes.api.types.certificates;

import io.hypernetes.api.FieldError;
import io.hypernetes.api.names.Names;
import io.hypernetes.api.types.kind.Field;

import java.util.List;
import java.util.function.Function;

/** {@code example.com/my-signer}. */
final class SignerNames {

    private static final String LEGACY = "kubernetes.io/legacy-unknown";
    private static final int MAX_DOMAIN = 253;
    private static final int MAX_NAME = 571;

    private SignerNames() {}

    static void check(Field name) {
        if (!name.isGiven()) {
            name.tellRequired("");
            return;
        }
        if (name.is(LEGACY)) {
            name.invalid("the legacy signerName is not allowed via this API version");
            return;
        }
        String[] parts = name.text().split("/", -1);
        if (parts.length != 2) {
            name.invalid(
                    "must be a fully qualified domain and path of the form"
                            + " 'example.com/signer-name'");
            return;
        }
        if (parts[0].length() > MAX_DOMAIN) {
            name.tooLong(MAX_DOMAIN);
        }
        labels(name, parts[0], Names::dnsLabel);
        if (!parts[0].contains(".")) {
            name.invalid(
                    parts[0], "should be a domain with at least two segments separated by dots");
        }
        labels(name, parts[1], Names::dnsSubdomain);
        if (name.text().length() > MAX_NAME) {
            name.tooLong(MAX_NAME);
        }
    }

    private static void labels(Field name, String part, Function<String, List<String>> rule) {
        for (String label : part.split("\\.", -1)) {
            for (String wrong : rule.apply(label)) {
                name.invalid(part, "validating label " + FieldError.quoted(label) + ": " + wrong);
            }
        }
    }
}
