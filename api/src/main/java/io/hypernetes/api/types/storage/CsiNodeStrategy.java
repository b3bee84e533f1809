package io.hypernetes.api.types.storage;

import io.hypernetes.api.Scope;
import io.hypernetes.api.names.Names;
import io.hypernetes.api.types.kind.Field;
import io.hypernetes.api.types.kind.KindStrategy;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** CSINodes: the volume drivers on a node of the same name. */
public final class CsiNodeStrategy extends KindStrategy {

    public CsiNodeStrategy() {
        super(Scope.CLUSTER, Names::dnsSubdomain);
    }

    @Override
    public JsonNode desired(ObjectNode node) {
        return MissingNode.getInstance();
    }

    @Override
    protected void rules(Field node) {
        Set<String> names = new HashSet<>();
        for (Field driver : node.at("spec", "drivers").items()) {
            CsiNames.driver(driver.at("name"));
            nodeId(driver.at("nodeID"));
            driver.at("allocatable", "count").ifSet().notNegative();
            if (!names.add(driver.at("name").text())) {
                driver.at("name").duplicate();
            }
            topologyKeys(driver);
        }
    }

    /** Upstream tells them at the driver. */
    private static void topologyKeys(Field driver) {
        Set<String> keys = new HashSet<>();
        for (Field item : driver.at("topologyKeys").items()) {
            Field key = driver.with(item.value());
            if (!key.isGiven()) {
                key.tellRequired("");
            }
            if (!keys.add(key.text())) {
                key.duplicate();
            }
            key.form(Names::qualifiedName);
        }
    }

    private static void nodeId(Field id) {
        if (!id.isGiven()) {
            id.tellRequired("");
        } else if (id.text().length() > CsiNames.MAX_NODE_ID) {
            id.invalid("must be " + CsiNames.MAX_NODE_ID + " characters or less");
        }
    }

    /** A driver may come and go, but not change, but for what it can allocate. */
    @Override
    protected void updateRules(Field node, Field old) {
        Map<String, Field> before = new HashMap<>();
        for (Field driver : old.at("spec", "drivers").items()) {
            before.put(driver.at("name").text(), driver);
        }
        for (Field driver : node.at("spec", "drivers").items()) {
            Field was = before.get(driver.at("name").text());
            if (was != null
                    && !(driver.at("nodeID").same(was.at("nodeID"))
                            && driver.at("topologyKeys").same(was.at("topologyKeys")))) {
                driver.named("spec.drivers").invalid("field is immutable");
            }
        }
    }
}
