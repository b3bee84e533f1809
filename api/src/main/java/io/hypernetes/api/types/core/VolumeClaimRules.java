package io.hypernetes.api.types.core;

import io.hypernetes.api.names.Names;
import io.hypernetes.api.quantity.Quantity;
import io.hypernetes.api.types.kind.Field;
import io.hypernetes.api.types.kind.SelectorRules;

import java.util.List;

/** Rules for the spec of a claim, in a claim and in the templates of others alike. */
public final class VolumeClaimRules {

    static final List<String> ACCESS_MODES =
            List.of("ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod");

    private VolumeClaimRules() {}

    public static void spec(Field spec) {
        accessModes(spec.at("accessModes"), "at least 1 access mode is required");
        if (spec.at("selector").isSet()) {
            SelectorRules.check(spec.at("selector"));
        }
        Field storage = spec.at("resources", "requests", "storage");
        Field shownAt = spec.at("resources").key("storage").with(storage.value());
        if (storage.isGiven()) {
            positive(shownAt);
        } else {
            shownAt.tellRequired("");
        }
        spec.at("storageClassName").ifGiven().form(Names::dnsSubdomain);
        spec.at("volumeMode").ifSet().oneOf("Block", "Filesystem");
        for (String source : List.of("dataSource", "dataSourceRef")) {
            if (spec.at(source).isSet()) {
                source(spec.at(source));
            }
        }
        spec.at("volumeAttributesClassName").ifGiven().form(Names::dnsSubdomain);
    }

    static void positive(Field amount) {
        Quantity quantity = Resources.parse(amount.value());
        if (quantity == null) {
            Resources.unreadable(amount);
        } else if (quantity.signum() <= 0) {
            amount.invalid(amount.text(), "must be greater than zero");
        }
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
        if (modes.items().size() > 1 && modes.texts().contains("ReadWriteOncePod")) {
            modes.forbidden("may not use ReadWriteOncePod with other access modes");
        }
    }

    private static void source(Field source) {
        source.at("name").required();
        source.at("kind").required();
        boolean core = !source.at("apiGroup").isGiven();
        if (core && !source.at("kind").is("PersistentVolumeClaim")) {
            source.invalid("must be 'PersistentVolumeClaim' when referencing the default apiGroup");
        }
    }
}
