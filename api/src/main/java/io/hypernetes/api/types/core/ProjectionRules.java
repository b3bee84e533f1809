package io.hypernetes.api.types.core;

import io.hypernetes.api.types.kind.Field;
import io.hypernetes.api.types.kind.Paths;
import io.hypernetes.api.types.kind.SelectorRules;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Rules for a projected volume: several sources in one directory. */
final class ProjectionRules {

    private static final List<String> SOURCES =
            List.of(
                    "secret",
                    "configMap",
                    "downwardAPI",
                    "serviceAccountToken",
                    "clusterTrustBundle",
                    "podCertificate");

    private final Field volume;
    private final Set<String> paths = new HashSet<>();

    private ProjectionRules(Field volume) {
        this.volume = volume;
    }

    static void check(Field volume) {
        VolumeSourceRules.mode(volume.at("defaultMode"));
        ProjectionRules rules = new ProjectionRules(volume);
        for (Field source : volume.at("sources").items()) {
            for (String type : SOURCES) {
                if (source.at(type).isSet()) {
                    rules.source(type, source.at(type));
                }
            }
            long given = SOURCES.stream().filter(type -> source.at(type).isSet()).count();
            if (given > 1) {
                source.forbidden("may not specify more than 1 volume type per source");
            }
        }
    }

    private void source(String type, Field source) {
        switch (type) {
            case "secret", "configMap" -> {
                source.at("name").required();
                for (Field item : source.at("items").items()) {
                    VolumeSourceRules.keyToPath(item);
                    path(item.at("path").text(), source.at("name").text());
                }
            }
            case "downwardAPI" -> {
                for (Field item : source.at("items").items()) {
                    DownwardRules.file(source, item);
                    path(item.at("path").text(), item.at("path").text());
                }
            }
            case "serviceAccountToken" -> token(source);
            case "clusterTrustBundle" -> trustBundle(source);
            default -> {}
        }
    }

    private void path(String path, String shown) {
        if (!path.isEmpty() && !paths.add(path)) {
            volume.invalid(shown, "conflicting duplicate paths");
        }
    }

    private void token(Field token) {
        Field seconds = token.at("expirationSeconds");
        if (seconds.number() < 600) {
            seconds.invalid(seconds.number(), "may not specify a duration less than 10 minutes");
        }
        if (seconds.number() > 1L << 32) {
            seconds.invalid(
                    seconds.number(), "may not specify a duration larger than 2^32 seconds");
        }
        Field path = volume.at("path").with(token.at("path").value());
        if (path.isGiven()) {
            Paths.descendingUnreserved(path);
        } else {
            path.required();
        }
    }

    private void trustBundle(Field bundle) {
        boolean byName = bundle.at("name").isSet();
        boolean bySigner = bundle.at("signerName").isSet();
        if (byName && bySigner) {
            bundle.invalid("only one of name and signerName may be used");
        } else if (byName) {
            bundle.at("name").required("must be a valid object name");
            if (bundle.at("labelSelector").isSet()) {
                bundle.at("labelSelector")
                        .invalid("labelSelector must be unset if name is specified");
            }
        } else if (bySigner) {
            bundle.at("signerName").required("must be a valid signer name");
            SelectorRules.check(bundle.at("labelSelector"));
        } else {
            bundle.tellRequired("either name or signerName must be specified");
        }
        bundle.at("path").required();
        Paths.descendingUnreserved(bundle.at("path"));
        path(bundle.at("path").text(), bundle.at("path").text());
    }
}
