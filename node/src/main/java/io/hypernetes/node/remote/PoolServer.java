package io.hypernetes.node.remote;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Status.Reason;
import io.hypernetes.api.json.Json;
import io.hypernetes.volume.Volume;
import io.hypernetes.volume.VolumeException;
import io.hypernetes.volume.VolumePool;

import tools.jackson.databind.node.ObjectNode;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Answers a {@link RemotePool} of another machine.
 *
 * @param pools of this machine, by provisioner
 */
record PoolServer(Map<String, VolumePool> pools) {

    boolean answers(String action) {
        return List.of(RemotePool.PROVISION, RemotePool.DELETE, RemotePool.LOOK).contains(action);
    }

    ObjectNode answer(Request request, ObjectKey volume) {
        VolumePool pool = pools.get(request.get("pool"));
        if (pool == null) {
            throw ApiException.badRequest("no pool " + request.get("pool") + " on this machine");
        }
        try {
            return switch (request.action()) {
                case RemotePool.PROVISION -> Wire.of(provision(pool, request, volume));
                case RemotePool.DELETE -> {
                    pool.delete(volume.name());
                    yield Json.object();
                }
                default -> look(pool, volume.name());
            };
        } catch (VolumeException e) {
            throw ApiException.of(Reason.INTERNAL_ERROR, String.valueOf(e.getMessage()));
        }
    }

    private static Volume provision(VolumePool pool, Request request, ObjectKey volume) {
        Map<String, String> parameters = new HashMap<>();
        for (String parameter : request.all("parameter")) {
            int equals = parameter.indexOf('=');
            parameters.put(parameter.substring(0, equals), parameter.substring(equals + 1));
        }
        long bytes = Long.parseLong(request.get("bytes"));
        return pool.provision(volume.name(), volume.tenant().name(), bytes, parameters);
    }

    private static ObjectNode look(VolumePool pool, String id) {
        ObjectNode answer = Json.object();
        List<Volume> found = id.isEmpty() ? pool.volumes() : pool.volume(id).stream().toList();
        found.forEach(volume -> answer.withArray("volumes").add(Wire.of(volume)));
        return answer;
    }
}
