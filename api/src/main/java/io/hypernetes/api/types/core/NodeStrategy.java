package io.hypernetes.api.types.core;

import io.hypernetes.api.FieldError;
import io.hypernetes.api.Scope;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.names.Addresses;
import io.hypernetes.api.names.Names;
import io.hypernetes.api.types.kind.Field;
import io.hypernetes.api.types.kind.KindStrategy;
import io.hypernetes.api.types.kind.Trees;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Nodes: an agent registers its machine together with the machine's status. */
public final class NodeStrategy extends KindStrategy {

    public NodeStrategy() {
        super(Scope.CLUSTER, Names::dnsSubdomain);
    }

    /** The older field for one range counts, where both are given and differ. */
    @Override
    public void applyDefaults(ObjectNode node) {
        ObjectNode spec = Trees.child(node, "spec");
        String first = Trees.text(Trees.at(spec, "podCIDRs").path(0));
        String older = Trees.text(spec, "podCIDR");
        if (!older.isEmpty() && !older.equals(first)) {
            spec.putArray("podCIDRs").add(older);
        } else if (older.isEmpty() && !first.isEmpty()) {
            spec.put("podCIDR", first);
        }
        if (node.get("status") instanceof ObjectNode status
                && !status.path("capacity").isEmpty()
                && status.path("allocatable").isEmpty()) {
            status.set("allocatable", status.path("capacity").deepCopy());
        }
    }

    @Override
    public JsonNode desired(ObjectNode object) {
        return NO_GENERATIONS;
    }

    @Override
    public void prepareForCreate(ObjectNode node) {
        // The status is kept: what a node has is known when it registers.
        remove(node, "spec", "configSource");
        remove(node, "status", "config");
    }

    @Override
    public void prepareForUpdate(ObjectNode node, ObjectNode old) {
        super.prepareForUpdate(node, old);
        remove(node, "spec", "configSource");
    }

    @Override
    public void prepareForStatusUpdate(ObjectNode node, ObjectNode old) {
        super.prepareForStatusUpdate(node, old);
        remove(node, "status", "config");
    }

    /** Of a feature that is no more. */
    private static void remove(ObjectNode node, String part, String field) {
        if (node.get(part) instanceof ObjectNode fields) {
            fields.remove(field);
        }
    }

    @Override
    protected void rules(Field node) {
        // Upstream tells of taints as if they stood in the metadata.
        taints(node.at("spec", "taints").named("metadata.taints"));
        for (String list : List.of("capacity", "allocatable")) {
            Field amounts = node.at("status", list);
            amounts.keys().forEach(name -> ResourceRules.amount(name, amounts.at(name)));
        }
        podRanges(node.at("spec", "podCIDRs"));
    }

    private static void taints(Field taints) {
        Set<String> known = new HashSet<>();
        for (Field taint : taints.items()) {
            taint.at("key").form(Names::qualifiedName);
            List<String> wrong = Names.labelValue(taint.at("value").text());
            if (!wrong.isEmpty()) {
                taint.at("value").invalid(taint.at("value").text(), String.join(";", wrong));
            }
            Field effect = taint.at("effect").required("");
            if (effect.isGiven()) {
                effect.oneOf(PodSpecRules.TAINT_EFFECTS);
            }
            if (!known.add(taint.at("key").text() + "=" + taint.at("effect").text())) {
                taint.error(
                        FieldError.Type.DUPLICATE,
                        "Duplicate value: "
                                + Json.text(taint.value())
                                + ": taints must be unique by key and effect pair");
            }
        }
    }

    private static void podRanges(Field ranges) {
        List<String> texts = ranges.texts();
        for (Field range : ranges.items()) {
            range.form(Addresses::range);
        }
        long wide = texts.stream().filter(text -> text.contains(":")).count();
        if (texts.size() > 2 || (texts.size() == 2 && wide != 1)) {
            ranges.invalid("may specify no more than one CIDR for each IP family");
        }
        ranges.distinctItems();
    }

    @Override
    protected void updateRules(Field node, Field old) {
        Field ranges = node.at("spec", "podCIDRs");
        if (old.at("spec", "podCIDRs").isGiven() && !ranges.same(old.at("spec", "podCIDRs"))) {
            ranges.forbidden("node updates may not change podCIDR except from \"\" to valid");
        }
        Field provider = node.at("spec", "providerID");
        Field before = old.at("spec", "providerID");
        if (before.isGiven() && !provider.is(before.text())) {
            provider.forbidden("node updates may not change providerID except from \"\" to valid");
        }
        addresses(node);
        if (!node.at("spec", "externalID").is(old.at("spec", "externalID").text())) {
            node.at("spec", "externalID").forbidden("may not be updated");
        }
    }

    private static void addresses(Field node) {
        Set<String> known = new HashSet<>();
        for (Field address : node.at("status", "addresses").items()) {
            if (!known.add(address.at("type").text() + " " + address.at("address").text())) {
                address.duplicate(
                        Json.object()
                                .put("Type", address.at("type").text())
                                .put("Address", address.at("address").text()));
            }
        }
    }

    @Override
    protected void statusRules(Field node, Field old) {
        rules(node);
        updateRules(node, old);
    }

    @Override
    public List<String> selectableFields() {
        return List.of("spec.unschedulable");
    }

    @Override
    public String selectableValue(ObjectNode node, String field) {
        return Boolean.toString(Trees.at(node, "spec", "unschedulable").asBoolean(false));
    }
}
