package io.hypernetes.api.types.core;

import io.hypernetes.api.json.Json;
import io.hypernetes.api.names.Names;
import io.hypernetes.api.types.kind.Field;
import io.hypernetes.api.types.kind.Ports;

import tools.jackson.databind.node.ObjectNode;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Rules for the ports of one service: names, numbers and pairs of port and protocol differ. */
final class ServicePortRules {

    private final List<Field> ports;

    ServicePortRules(Field ports) {
        this.ports = ports.items();
    }

    /** What each port must be like. */
    void each() {
        Set<String> names = new HashSet<>();
        for (Field port : ports) {
            Field name = port.at("name");
            if (name.isGiven()) {
                name.form(Names::dnsLabel);
                if (!names.add(name.text())) {
                    name.duplicate();
                }
            } else if (ports.size() > 1) {
                name.tellRequired("");
            }
            port.at("port").between(1, 65535);
            port.at("protocol").required().ifGiven().oneOf(ContainerRules.PROTOCOLS);
            Ports.numberOrName(port.at("targetPort"));
            port.at("appProtocol").ifSet().form(Names::qualifiedName);
        }
    }

    /** How ports go together. */
    void distinct(String type) {
        if (type.equals("ClusterIP")) {
            for (Field port : ports) {
                if (port.at("nodePort").number() != 0) {
                    port.at("nodePort").forbidden("may not be used when `type` is 'ClusterIP'");
                }
            }
        }
        Set<String> nodePorts = new HashSet<>();
        for (Field port : ports) {
            Field nodePort = port.at("nodePort");
            if (nodePort.number() != 0 && !nodePorts.add(pair(port, "nodePort"))) {
                nodePort.duplicate();
            }
        }
        Set<String> numbers = new HashSet<>();
        for (Field port : ports) {
            if (!numbers.add(pair(port, "port"))) {
                port.duplicate(shown(port));
            }
        }
    }

    private static String pair(Field port, String number) {
        return port.at(number).number() + "/" + port.at("protocol").text();
    }

    /** Upstream shows its Go struct with the two fields that count. */
    private static ObjectNode shown(Field port) {
        ObjectNode shown = Json.object();
        shown.put("Name", "").put("Protocol", port.at("protocol").text()).putNull("AppProtocol");
        shown.put("Port", port.at("port").number());
        shown.put("TargetPort", 0).put("NodePort", 0);
        return shown;
    }
}
