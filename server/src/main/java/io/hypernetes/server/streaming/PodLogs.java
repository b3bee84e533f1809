package io.hypernetes.server.streaming;

import io.hypernetes.api.client.PodAccess;
import io.hypernetes.api.client.PodAccess.LogOptions;
import io.hypernetes.server.access.Gate;
import io.hypernetes.server.http.Query;
import io.hypernetes.server.registry.Reads;
import io.hypernetes.server.registry.Served;
import io.hypernetes.server.resource.ResourceRequest;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;

/** {@code pods/log}, as a body or over a WebSocket. */
final class PodLogs {
    private final Reads reads;
    private final PodAccess pods;
    private final Gate gate;

    PodLogs(Reads reads, PodAccess pods, Gate gate) {
        this.reads = reads;
        this.pods = pods;
        this.gate = gate;
    }

    void handle(ResourceRequest request) throws IOException {
        Served pod =
                reads.get(
                        request.type(),
                        request.session().tenant(),
                        request.namespace(),
                        request.info().name());
        Query query = request.query();
        String container = Containers.choose(pod.tree(), query.get("container"));
        LogOptions options = LogQuery.parse(query, request.info().name(), container);
        if (request.exchange().wantsWebSocket()) {
            String protocol = LogSocket.choose(request.exchange().offeredProtocols());
            InputStream lines = pods.logs(PodSubresources.key(request), options);
            request.exchange()
                    .upgrade(
                            protocol,
                            gate.seated(
                                    request.session(),
                                    socket -> LogSocket.send(lines, protocol, socket)));
            return;
        }
        try (InputStream lines = pods.logs(PodSubresources.key(request), options);
                OutputStream out = request.exchange().stream("text/plain", Map.of())) {
            copy(lines, out);
        }
    }

    private static void copy(InputStream in, OutputStream out) throws IOException {
        byte[] buffer = new byte[16 * 1024];
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            out.write(buffer, 0, read);
            out.flush();
        }
    }
}
