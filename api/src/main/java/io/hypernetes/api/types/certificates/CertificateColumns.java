package io.hypernetes.api.types.certificates;

import static io.hypernetes.api.types.kind.Trees.at;
import static io.hypernetes.api.types.kind.Trees.objects;
import static io.hypernetes.api.types.kind.Trees.text;

import io.hypernetes.api.Column;
import io.hypernetes.api.types.kind.Ages;
import io.hypernetes.api.types.kind.Columns;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What {@code kubectl get} shows of certificate signing requests. */
public final class CertificateColumns {

    public static final List<Column> SIGNING_REQUEST =
            List.of(
                    Columns.age(),
                    Columns.text("SignerName", "spec", "signerName"),
                    Columns.text("Requestor", "spec", "username"),
                    Column.of("RequestedDuration", CertificateColumns::duration),
                    Column.of("Condition", CertificateColumns::state));

    private CertificateColumns() {}

    private static String duration(ObjectNode request) {
        JsonNode seconds = at(request, "spec", "expirationSeconds");
        return seconds.isNumber() ? Ages.text(Duration.ofSeconds(seconds.asLong())) : "<none>";
    }

    /** The verdict, whether signing failed, and whether there is a certificate. */
    private static String state(ObjectNode request) {
        List<String> types =
                objects(at(request, "status", "conditions")).stream()
                        .map(condition -> text(condition, "type"))
                        .toList();
        List<String> state = new ArrayList<>();
        if (types.contains("Denied")) {
            state.add("Denied");
        } else if (types.contains("Approved")) {
            state.add("Approved");
        } else {
            state.add("Pending");
        }
        if (types.contains("Failed")) {
            state.add("Failed");
        }
        if (!text(request, "status", "certificate").isEmpty()) {
            state.add("Issued");
        }
        return String.join(",", state);
    }
}
