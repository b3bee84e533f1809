package io.hypernetes.api.types.networking;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.Scope;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.names.Addresses;
import io.hypernetes.api.names.Names;
import io.hypernetes.api.types.kind.Field;
import io.hypernetes.api.types.kind.KindStrategy;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;

/** ServiceCIDRs: where service addresses come from, one range or one of each family. */
public final class ServiceCidrStrategy extends KindStrategy {

    /** Holds a range until no service has an address of it. */
    public static final String FINALIZER = "networking.k8s.io/service-cidr-finalizer";

    public ServiceCidrStrategy() {
        super(Scope.CLUSTER, Names::dnsSubdomain);
    }

    @Override
    public JsonNode desired(ObjectNode cidr) {
        return MissingNode.getInstance();
    }

    /** The server reads ranges where it needs them: one is of use as soon as it is stored. */
    @Override
    public void prepareForCreate(ObjectNode cidr) {
        cidr.putObject("status")
                .putArray("conditions")
                .addObject()
                .put("type", "Ready")
                .put("status", "True")
                .put("lastTransitionTime", Metadata.creationTimestamp(cidr))
                .put("reason", "")
                .put("message", "Kubernetes Service CIDR is ready");
        if (!Metadata.finalizers(cidr).contains(FINALIZER)) {
            Metadata.ensureFinalizers(cidr).add(FINALIZER);
        }
    }

    @Override
    protected void rules(Field object) {
        Field ranges = object.at("spec", "cidrs");
        List<Field> all = ranges.items();
        if (all.isEmpty()) {
            ranges.tellRequired("at least one CIDR required");
            return;
        }
        if (all.size() > 2) {
            ranges.invalid(
                    Json.object().set("CIDRs", ranges.value()), "may only hold up to 2 values");
            return;
        }
        all.forEach(range -> range.form(Addresses::canonicalRange));
        if (all.size() == 2
                && all.stream().allMatch(r -> Addresses.range(r.text()).isEmpty())
                && Prefix.parse(all.getFirst().text()).width()
                        == Prefix.parse(all.getLast().text()).width()) {
            ranges.invalid(
                    "may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and"
                            + " 2001:db8::/64");
        }
    }

    @Override
    protected void updateRules(Field object, Field before) {
        Field ranges = object.at("spec", "cidrs");
        List<Field> now = ranges.items();
        List<Field> old = before.at("spec", "cidrs").items();
        // A second family may be added, and that is all.
        if (now.size() != old.size() && !(old.size() == 1 && now.size() == 2)) {
            ranges.invalid("field is immutable");
            return;
        }
        for (int i = 0; i < old.size(); i++) {
            now.get(i).immutable(old.get(i));
        }
    }
}
