package io.hypernetes.api.types.kind;

import io.hypernetes.api.names.Names;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Rules for labels and annotations wherever they stand: metadata, templates, node selectors. */
public final class MetadataRules {

    private static final int MAX_ANNOTATION_BYTES = 256 << 10;

    private MetadataRules() {}

    /** Of what is made of a template only labels and annotations are the template's to say. */
    public static void ofTemplate(Field metadata) {
        annotations(metadata.at("annotations"));
        labels(metadata.at("labels"));
        for (String field : metadata.keys()) {
            if (!field.equals("annotations")
                    && !field.equals("labels")
                    && (metadata.at(field).isGiven() || metadata.at(field).value().isArray())) {
                // Upstream makes the path of its own name of the field.
                metadata.at(field.equals("uid") ? "uID" : field).forbidden("cannot be set");
            }
        }
    }

    public static void labels(Field labels) {
        for (String key : labels.keys()) {
            Names.qualifiedName(key).forEach(sentence -> labels.invalid(key, sentence));
            String value = labels.key(key).text();
            Names.labelValue(value).forEach(sentence -> labels.invalid(value, sentence));
        }
    }

    public static void annotations(Field annotations) {
        long bytes = 0;
        for (String key : annotations.keys()) {
            Names.qualifiedName(key.toLowerCase(Locale.ROOT))
                    .forEach(sentence -> annotations.invalid(key, sentence));
            bytes += key.getBytes(StandardCharsets.UTF_8).length;
            bytes += annotations.key(key).text().getBytes(StandardCharsets.UTF_8).length;
        }
        if (bytes > MAX_ANNOTATION_BYTES) {
            annotations.tooLong(MAX_ANNOTATION_BYTES);
        }
    }
}
