package io.hypernetes.node.remote;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Tenant;
import io.hypernetes.volume.Attachment;
import io.hypernetes.volume.Volume;
import io.hypernetes.volume.VolumeException;
import io.hypernetes.volume.VolumePool;

import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The volumes of another machine, which are made and deleted from here. To be used they are
 * attached by the machine itself.
 */
final class RemotePool implements VolumePool {

    static final String PROVISION = "provisionVolume";
    static final String DELETE = "deleteVolume";
    static final String LOOK = "volumes";

    /** Asks the machine, and returns the whole answer. */
    interface Asker {
        ObjectNode ask(Request request) throws IOException;
    }

    private final String provisioner;
    private final Asker machine;

    RemotePool(String provisioner, Asker machine) {
        this.provisioner = provisioner;
        this.machine = machine;
    }

    @Override
    public String provisioner() {
        return provisioner;
    }

    private ObjectNode ask(Request request) {
        try {
            return machine.ask(request.with("pool", provisioner));
        } catch (IOException | ApiException e) {
            throw new VolumeException(String.valueOf(e.getMessage()), e);
        }
    }

    private static Request request(String action, String tenant, String id) {
        return Request.of(action, new ObjectKey(new Tenant(tenant), "", id));
    }

    @Override
    public Volume provision(String id, String tenant, long bytes, Map<String, String> parameters) {
        Request request = request(PROVISION, tenant, id).with("bytes", Long.toString(bytes));
        for (Map.Entry<String, String> parameter : parameters.entrySet()) {
            request = request.with("parameter", parameter.getKey() + "=" + parameter.getValue());
        }
        return Wire.volume(ask(request));
    }

    @Override
    public void delete(String id) {
        ask(request(DELETE, Tenant.SYSTEM.name(), id));
    }

    @Override
    public Optional<Volume> volume(String id) {
        return look(id).stream().findFirst();
    }

    @Override
    public List<Volume> volumes() {
        return look("");
    }

    private List<Volume> look(String id) {
        return ask(request(LOOK, Tenant.SYSTEM.name(), id))
                .path("volumes")
                .valueStream()
                .map(Wire::volume)
                .toList();
    }

    @Override
    public Attachment attach(String id, String sandbox) {
        throw onlyThere();
    }

    @Override
    public void detach(String id, String sandbox) {
        throw onlyThere();
    }

    @Override
    public Map<String, String> attachments() {
        throw onlyThere();
    }

    private static VolumeException onlyThere() {
        return new VolumeException("a volume of another machine is attached by that machine");
    }
}
