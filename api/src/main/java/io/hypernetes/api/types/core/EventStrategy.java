package io.hypernetes.api.types.core;

import io.hypernetes.api.Scope;
import io.hypernetes.api.names.Names;
import io.hypernetes.api.types.kind.Field;
import io.hypernetes.api.types.kind.KindStrategy;
import io.hypernetes.api.types.kind.Trees;

import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.stream.Stream;

/** Events, in either of the two groups that serve them. */
public final class EventStrategy extends KindStrategy {

    /** The field that says what the event is about. */
    private final String about;

    public EventStrategy(String about) {
        super(Scope.NAMESPACED, Names::dnsSubdomain);
        this.about = about;
    }

    @Override
    protected void rules(Field event) {
        EventRules.check(event, event.at(about).named("involvedObject"));
    }

    /** The younger group is strict where the older one is kind to clients that are. */
    @Override
    protected void createRules(Field event) {
        if (isStrict()) {
            EventRules.strict(event);
        }
    }

    @Override
    protected void updateRules(Field event, Field old) {
        if (isStrict()) {
            EventRules.changes(event, old);
        }
    }

    private boolean isStrict() {
        return about.equals("regarding");
    }

    @Override
    public List<String> selectableFields() {
        return Stream.concat(
                        Stream.of(
                                        "kind",
                                        "namespace",
                                        "name",
                                        "uid",
                                        "apiVersion",
                                        "resourceVersion",
                                        "fieldPath")
                                .map(field -> about + "." + field),
                        isStrict()
                                ? Stream.of("reason", "reportingController", "type")
                                : Stream.of("reason", "reportingComponent", "source", "type"))
                .toList();
    }

    @Override
    public String selectableValue(ObjectNode event, String field) {
        String reporter =
                Trees.text(event, "reportingComponent") + Trees.text(event, "reportingController");
        return switch (field) {
            case "source" -> {
                String component =
                        Trees.text(event, "source", "component")
                                + Trees.text(event, "deprecatedSource", "component");
                yield component.isEmpty() ? reporter : component;
            }
            case "reportingComponent", "reportingController" -> reporter;
            default -> super.selectableValue(event, field);
        };
    }
}
