package io.hypernetes.api.types.autoscaling;

import io.hypernetes.api.Column;
import io.hypernetes.api.GroupVersionKind;
import io.hypernetes.api.Metadata;
import io.hypernetes.api.Scope;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.names.Names;
import io.hypernetes.api.types.kind.Field;
import io.hypernetes.api.types.kind.KindStrategy;
import io.hypernetes.api.types.kind.Trees;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;

/** HorizontalPodAutoscalers as {@code autoscaling/v1}: judged as what they mean in version 2. */
public final class OldAutoscalerStrategy extends KindStrategy {

    /** What of the status version 1 keeps in annotations. */
    private static final List<String> STATUS =
            List.of(AutoscalerConversion.CURRENT_METRICS, AutoscalerConversion.CONDITIONS);

    /** And what of the spec. */
    private static final List<String> SPEC =
            List.of(AutoscalerConversion.METRICS, AutoscalerConversion.BEHAVIOR);

    private static final GroupVersionKind NEWER =
            new GroupVersionKind("autoscaling", "v2", "HorizontalPodAutoscaler");

    private static final AutoscalerConversion CONVERSION = new AutoscalerConversion();

    /** The same as of version 2. */
    public static final List<Column> COLUMNS =
            AutoscalerColumns.ALL.stream()
                    .map(column ->
                            new Column(
                                    column.name(),
                                    column.type(),
                                    column.format(),
                                    column.description(),
                                    column.priority(),
                                    autoscaler -> column.cell().apply(newer(autoscaler))))
                    .toList();

    private final AutoscalerStrategy newer = new AutoscalerStrategy();

    public OldAutoscalerStrategy() {
        super(Scope.NAMESPACED, Names::dnsSubdomain);
    }

    private static ObjectNode newer(JsonNode autoscaler) {
        return CONVERSION.convert(List.of((ObjectNode) autoscaler.deepCopy()), NEWER).getFirst();
    }

    @Override
    public void applyDefaults(ObjectNode autoscaler) {
        ObjectNode spec = Trees.child(autoscaler, "spec");
        Trees.setDefault(spec, "minReplicas", 1);
        if (Metadata.annotation(autoscaler, AutoscalerConversion.METRICS).isEmpty()) {
            Trees.setDefault(spec, AutoscalerConversion.WANTED_CPU, 80);
        }
    }

    @Override
    public JsonNode desired(ObjectNode autoscaler) {
        return NO_GENERATIONS;
    }

    @Override
    public void prepareForCreate(ObjectNode autoscaler) {
        super.prepareForCreate(autoscaler);
        autoscaler.putObject("status").put("currentReplicas", 0).put("desiredReplicas", 0);
        restore(STATUS, autoscaler, Json.object());
    }

    @Override
    public void prepareForUpdate(ObjectNode autoscaler, ObjectNode old) {
        super.prepareForUpdate(autoscaler, old);
        restore(STATUS, autoscaler, old);
    }

    @Override
    public void prepareForStatusUpdate(ObjectNode autoscaler, ObjectNode old) {
        super.prepareForStatusUpdate(autoscaler, old);
        restore(SPEC, autoscaler, old);
    }

    /** What an annotation says for a field changes only when the field may. */
    private static void restore(List<String> names, ObjectNode autoscaler, ObjectNode old) {
        for (String name : names) {
            String before = Metadata.annotation(old, name);
            if (!before.equals(Metadata.annotation(autoscaler, name))) {
                ObjectNode annotations = Metadata.ensureAnnotations(autoscaler);
                annotations.remove(name);
                if (!before.isEmpty()) {
                    annotations.put(name, before);
                }
            }
        }
    }

    @Override
    protected void rules(Field autoscaler) {
        newer.rules(autoscaler.with(newer(autoscaler.object())));
    }

    @Override
    protected void rules(Field autoscaler, Field old) {
        newer.rules(autoscaler.with(newer(autoscaler.object())), old.with(newer(old.object())));
    }

    @Override
    protected void statusRules(Field autoscaler, Field old) {
        newer.statusRules(
                autoscaler.with(newer(autoscaler.object())), old.with(newer(old.object())));
    }
}
