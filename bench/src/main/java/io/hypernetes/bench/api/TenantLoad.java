package io.hypernetes.bench.api;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * A tenant and what it has. The definition has the same name in every world; each second tenant has
 * the same schema, the others each one of their own.
 */
final class TenantLoad {

    static final String TENANTS = "/apis/hypernetes.io/v1/tenants";
    private static final int MAPS = 16;
    private static final int WIDGETS = 4;
    private static final int PATIENCE = 3_000;

    private TenantLoad() {}

    static byte[] tenant(int number) {
        return bytes(
                "{\"apiVersion\":\"hypernetes.io/v1\",\"kind\":\"Tenant\",\"metadata\":{\"name\":\"%s\"}}",
                name(number));
    }

    private static String name(int number) {
        return String.format(Locale.ROOT, "tenant-%05d", number);
    }

    static String widgets(int number) {
        return world(number) + "/apis/example.com/v1/widgets";
    }

    static String world(int number) {
        return "/tenants/" + name(number);
    }

    /** The status of the last request, 201 when all went well. */
    static int fill(Connection connection, int number) throws IOException {
        String world = world(number);
        int status =
                connection.post(
                        world + "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
                        definition(number));
        for (int i = 0; i < 2 && status == 201; i++) {
            status =
                    connection.post(world + "/api/v1/namespaces", Manifests.namespace("team-" + i));
        }
        for (int i = 0; i < MAPS && status == 201; i++) {
            status =
                    connection.post(
                            world + "/api/v1/namespaces/team-" + i % 2 + "/configmaps",
                            Manifests.configMap("map-" + i));
        }
        for (int i = 0; i < WIDGETS && status == 201; i++) {
            status = widget(connection, world, i);
        }
        return status;
    }

    /** A definition is served a moment after it was stored. */
    private static int widget(Connection connection, String world, int i) throws IOException {
        String path = world + "/apis/example.com/v1/namespaces/team-" + i % 2 + "/widgets";
        byte[] widget =
                bytes(
                        """
                        {"apiVersion":"example.com/v1","kind":"Widget",\
                        "metadata":{"name":"widget-%d"},"spec":{"size":%d,"colour":"red"}}\
                        """,
                        i, i);
        int status = connection.post(path, widget);
        for (int wait = 0; status == 404 && wait < PATIENCE; wait++) {
            try {
                Thread.sleep(10);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException(e);
            }
            status = connection.post(path, widget);
        }
        return status;
    }

    private static byte[] definition(int number) {
        String own = number % 2 == 0 ? "owner" : "owner" + number;
        return bytes(
                """
                {"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition",\
                "metadata":{"name":"widgets.example.com"},"spec":{"group":"example.com",\
                "scope":"Namespaced","names":{"plural":"widgets","singular":"widget",\
                "kind":"Widget","shortNames":["wd"]},"versions":[{"name":"v1","served":true,\
                "storage":true,"additionalPrinterColumns":[{"name":"Size","type":"integer",\
                "jsonPath":".spec.size"}],"subresources":{"status":{}},"schema":\
                {"openAPIV3Schema":{"type":"object","description":"What a widget is.",\
                "properties":{"spec":{"type":"object","required":["size"],"properties":{\
                "size":{"type":"integer","minimum":0,"description":"How large it is."},\
                "colour":{"type":"string","enum":["red","green"],"default":"red"},\
                "%s":{"type":"string","maxLength":63},\
                "parts":{"type":"array","maxItems":10,"items":{"type":"object","properties":{\
                "name":{"type":"string"},"count":{"type":"integer"}}}}}},\
                "status":{"type":"object","properties":{"ready":{"type":"boolean"},\
                "observedGeneration":{"type":"integer","format":"int64"}}}}}}}]}}\
                """,
                own);
    }

    private static byte[] bytes(String format, Object... arguments) {
        return String.format(Locale.ROOT, format, arguments).getBytes(StandardCharsets.UTF_8);
    }
}
