package io.hypernetes.api.types.storage;

import io.hypernetes.api.Scope;
import io.hypernetes.api.names.Names;
import io.hypernetes.api.types.kind.Field;
import io.hypernetes.api.types.kind.KindStrategy;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.Map;

/** VolumeAttachments: that a volume is, or shall be, at a node. */
public final class VolumeAttachmentStrategy extends KindStrategy {

    private static final int MAX_ERROR_BYTES = 1024;
    private static final int MAX_METADATA_BYTES = 256 << 10;

    public VolumeAttachmentStrategy() {
        super(Scope.CLUSTER, Names::dnsSubdomain);
    }

    @Override
    public JsonNode desired(ObjectNode attachment) {
        return MissingNode.getInstance();
    }

    @Override
    protected void rules(Field attachment) {
        Field spec = attachment.at("spec");
        CsiNames.driver(spec.at("attacher"));
        Field source = spec.at("source");
        Field volume = source.at("persistentVolumeName");
        Field inline = source.at("inlineVolumeSpec");
        if (!volume.isSet() && !inline.isSet()) {
            source.tellRequired(
                    "must specify exactly one of inlineVolumeSpec and persistentVolumeName");
        } else if (volume.isSet() && inline.isSet()) {
            source.forbidden(
                    "must specify exactly one of inlineVolumeSpec and persistentVolumeName");
        } else if (volume.isSet()) {
            volume.required("must specify non empty persistentVolumeName");
        }
        volume.ifSet().form(Names::dnsSubdomain);
        spec.at("nodeName").form(Names::dnsSubdomain);
        status(attachment.at("status"));
    }

    private static void status(Field status) {
        Field metadata = status.at("attachmentMetadata");
        int bytes = 0;
        for (Map.Entry<String, JsonNode> entry : metadata.object().properties()) {
            bytes += entry.getKey().length() + entry.getValue().asString("").length();
        }
        if (bytes > MAX_METADATA_BYTES) {
            metadata.tooLong(MAX_METADATA_BYTES);
        }
        for (String error : new String[] {"attachError", "detachError"}) {
            Field message = status.at(error, "message");
            if (message.text().length() > MAX_ERROR_BYTES) {
                // Upstream names the limit of the metadata.
                message.tooLong(MAX_METADATA_BYTES);
            }
            Field code = status.at(error, "errorCode");
            if (code.number() < 0) {
                code.invalid("must be between 0 and 2147483647, inclusive");
            }
        }
    }

    @Override
    protected void updateRules(Field attachment, Field old) {
        attachment.at("spec").immutable(old.at("spec"));
    }

    @Override
    protected void statusRules(Field attachment, Field old) {
        status(attachment.at("status"));
    }
}
