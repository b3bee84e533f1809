package io.hypernetes.api.types.core;

import io.hypernetes.api.json.Json;
import io.hypernetes.api.names.Names;
import io.hypernetes.api.quantity.Quantity;
import io.hypernetes.api.types.kind.Field;
import io.hypernetes.api.types.kind.SelectorRules;

import java.util.List;
import java.util.Locale;

/** Rules for the spec of a claim, in a claim and in the templates of others alike. */
public final class VolumeClaimRules {

    static final List<String> ACCESS_MODES =
            List.of("ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod");

    private static final int MAX_DRIVER = 63;

    private VolumeClaimRules() {}

    public static void spec(Field spec) {
        accessModes(spec.at("accessModes"), "at least 1 access mode is required");
        if (spec.at("selector").isSet()) {
            SelectorRules.check(spec.at("selector"));
        }
        Field storage = spec.at("resources", "requests", "storage");
        Field shownAt = spec.at("resources").key("storage").with(storage.value());
        if (!storage.isGiven()) {
            shownAt.tellRequired("");
        } else if (positive(shownAt)) {
            ResourceRules.amount("storage", shownAt);
        }
        spec.at("storageClassName").ifGiven().form(Names::dnsSubdomain);
        spec.at("volumeMode").ifSet().oneOf("Block", "Filesystem");
        sources(spec);
        spec.at("volumeAttributesClassName").ifGiven().form(Names::dnsSubdomain);
    }

    /** Whether it is; else that is told. */
    static boolean positive(Field amount) {
        Quantity quantity = Resources.parse(amount.value());
        if (quantity == null) {
            Resources.unreadable(amount);
        } else if (quantity.signum() <= 0) {
            amount.invalid(amount.text(), "must be greater than zero");
        }
        return quantity != null && quantity.signum() > 0;
    }

    /** A DNS name in any case, of at most 63 characters. */
    public static void driverName(Field name) {
        if (!name.isGiven()) {
            name.tellRequired("");
            return;
        }
        if (name.text().length() > MAX_DRIVER) {
            name.tooLong(MAX_DRIVER);
        }
        Names.dnsSubdomain(name.text().toLowerCase(Locale.ROOT))
                .forEach(wrong -> name.invalid(name.text(), wrong));
    }

    /** Those of claims and volumes alike. */
    static void accessModes(Field modes, String whenNone) {
        if (!modes.isGiven()) {
            modes.tellRequired(whenNone);
        }
        for (String mode : modes.texts()) {
            if (!ACCESS_MODES.contains(mode)) {
                modes.notSupported(mode, ACCESS_MODES);
            }
        }
        boolean alone = modes.texts().contains("ReadWriteOncePod");
        boolean others =
                modes.texts().stream()
                        .anyMatch(m -> ACCESS_MODES.contains(m) && !m.equals("ReadWriteOncePod"));
        if (alone && others) {
            modes.forbidden("may not use ReadWriteOncePod with other access modes");
        }
    }

    /** What the volume is filled with: both fields say the same, or the newer one says more. */
    private static void sources(Field spec) {
        Field source = spec.at("dataSource");
        Field reference = spec.at("dataSourceRef");
        if (source.isSet()) {
            source(source);
        }
        if (reference.isSet()) {
            source(reference);
            reference.at("namespace").ifGiven().form(Names::dnsLabel);
        }
        if (!source.isSet() || !reference.isSet()) {
            return;
        }
        // Upstream shows its own path object, which encodes as an empty one.
        if (reference.at("namespace").isGiven()) {
            spec.invalid(
                    Json.object(),
                    "may not be specified when dataSourceRef.namespace is specified");
        } else if (!List.of("apiGroup", "kind", "name").stream()
                .allMatch(field -> source.at(field).same(reference.at(field)))) {
            spec.invalid(Json.object(), "must match dataSourceRef");
        }
    }

    private static void source(Field source) {
        source.at("name").required();
        source.at("kind").required();
        Field group = source.at("apiGroup");
        if (!group.isGiven() && !source.at("kind").is("PersistentVolumeClaim")) {
            source.invalid(
                    source.at("kind").text(),
                    "must be 'PersistentVolumeClaim' when referencing the default apiGroup");
        }
        group.ifGiven().form(Names::dnsSubdomain);
    }
}
