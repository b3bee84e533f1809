package io.hypernetes.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.stream.Stream;

/** Upstream's discovery.go and aggregated_discovery.go. */
final class DiscoveryIT {
    private static final String AGGREGATED =
            "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

    private static final List<String> EXPECTED =
            List.of(
                    "admissionregistration.k8s.io/v1/validatingwebhookconfigurations",
                    "apiextensions.k8s.io/v1/customresourcedefinitions",
                    "apiregistration.k8s.io/v1/apiservices",
                    "apps/v1/deployments",
                    "authentication.k8s.io/v1/tokenreviews",
                    "authorization.k8s.io/v1/selfsubjectaccessreviews",
                    "autoscaling/v1/horizontalpodautoscalers",
                    "autoscaling/v2/horizontalpodautoscalers",
                    "batch/v1/jobs",
                    "certificates.k8s.io/v1/certificatesigningrequests",
                    "coordination.k8s.io/v1/leases",
                    "discovery.k8s.io/v1/endpointslices",
                    "events.k8s.io/v1/events",
                    "networking.k8s.io/v1/ingresses",
                    "node.k8s.io/v1/runtimeclasses",
                    "policy/v1/poddisruptionbudgets",
                    "scheduling.k8s.io/v1/priorityclasses",
                    "storage.k8s.io/v1/csinodes");

    private static String text(JsonNode node, String field) {
        return node.path(field).asString("");
    }

    /** Every GROUP/VERSION/RESOURCE of an aggregated document. */
    private static List<String> aggregated(Space space, String path) {
        Http.Answer answer = space.http().get(path, AGGREGATED);
        assertThat(answer.contentType()).contains("as=APIGroupDiscoveryList");
        ObjectNode list = answer.succeeded();
        assertThat(text(list, "kind")).isEqualTo("APIGroupDiscoveryList");
        Stream<String> all = Stream.of();
        for (JsonNode group : list.path("items")) {
            for (JsonNode version : group.path("versions")) {
                String prefix =
                        text(group.path("metadata"), "name") + "/" + text(version, "version") + "/";
                all =
                        Stream.concat(
                                all,
                                version.path("resources")
                                        .valueStream()
                                        .map(r -> prefix + text(r, "resource")));
            }
        }
        return all.toList();
    }

    @Upstream({
        "[sig-api-machinery] AggregatedDiscovery should support raw aggregated discovery endpoint"
                + " Accept headers [Conformance]",
        "[sig-api-machinery] AggregatedDiscovery should support aggregated discovery interface"
                + " [Conformance]"
    })
    @InWorlds
    void oneDocumentTellsOfAllResources(Space space) {
        assertThat(aggregated(space, "/apis")).containsAll(EXPECTED);
        assertThat(aggregated(space, "/api")).contains("/v1/namespaces", "/v1/pods");
    }

    @Upstream({
        "[sig-api-machinery] AggregatedDiscovery should support raw aggregated discovery request"
                + " for CRDs [Conformance]",
        "[sig-api-machinery] AggregatedDiscovery should support aggregated discovery interface for"
                + " CRDs [Conformance]"
    })
    @InWorlds
    void aNewDefinitionIsInTheDocument(Space space) {
        Definition definition = Definition.anything(space);
        definition.create();
        assertThat(aggregated(space, "/apis"))
                .contains(definition.group() + "/v1/" + definition.plural());
        definition.delete();
    }

    /** Others are of tests that run beside this one, and may go at any moment. */
    private static boolean isBuiltIn(JsonNode group) {
        String name = text(group, "name");
        return name.endsWith(".k8s.io") || !name.contains(".");
    }

    @Upstream(
            "[sig-api-machinery] Discovery should validate PreferredVersion for each APIGroup"
                    + " [Conformance]")
    @InWorlds
    void everyGroupPrefersAVersionThatItHas(Space space) {
        JsonNode groups = space.raw("/apis").path("groups");
        assertThat(groups.size()).isGreaterThan(15);
        for (JsonNode group : groups) {
            if (!isBuiltIn(group)) {
                continue;
            }
            JsonNode alone = space.raw("/apis/" + text(group, "name"));
            assertThat(alone.path("versions").valueStream().map(v -> text(v, "groupVersion")))
                    .contains(text(alone.path("preferredVersion"), "groupVersion"));
            assertThat(alone.path("preferredVersion")).isEqualTo(group.path("preferredVersion"));
        }
    }

    @Upstream(
            "[sig-api-machinery] Discovery should locate the groupVersion and a resource within"
                    + " each APIGroup [Conformance]")
    @InWorlds
    void everyVersionHasItsResources(Space space) {
        for (JsonNode group : space.raw("/apis").path("groups")) {
            if (!isBuiltIn(group)) {
                continue;
            }
            for (JsonNode version : group.path("versions")) {
                String name = text(version, "groupVersion");
                ObjectNode list = space.raw("/apis/" + name);
                assertThat(text(list, "groupVersion")).isEqualTo(name);
                assertThat(list.path("resources").size()).as(name).isPositive();
            }
        }
    }

    @Upstream({
        "[sig-api-machinery] AdmissionWebhook [Privileged:ClusterAdmin] should include webhook"
                + " resources in discovery documents [Conformance]",
        "[sig-api-machinery] CustomResourceDefinition resources [Privileged:ClusterAdmin] should"
                + " include custom resource definition resources in discovery documents"
                + " [Conformance]"
    })
    @InWorlds
    void extensionsAreDiscovered(Space space) {
        assertThat(resources(space, "admissionregistration.k8s.io"))
                .contains("mutatingwebhookconfigurations", "validatingwebhookconfigurations");
        assertThat(resources(space, "apiextensions.k8s.io")).contains("customresourcedefinitions");
    }

    private static List<String> resources(Space space, String group) {
        assertThat(space.raw("/apis").path("groups").valueStream().map(g -> text(g, "name")))
                .contains(group);
        assertThat(
                        space.raw("/apis/" + group)
                                .path("versions")
                                .valueStream()
                                .map(v -> text(v, "version")))
                .contains("v1");
        return space.raw("/apis/" + group + "/v1")
                .path("resources")
                .valueStream()
                .map(r -> text(r, "name"))
                .toList();
    }

    /** As fabric8's clients ask: where does a client from anywhere find the server? */
    @InWorlds
    void theCoreVersionsTellTheServersAddress(Space space) {
        ObjectNode versions = space.raw("/api");
        assertThat(versions.path("versions")).hasSize(1);
        JsonNode address = versions.path("serverAddressByClientCIDRs").path(0);
        assertThat(text(address, "clientCIDR")).isEqualTo("0.0.0.0/0");
        assertThat("https://" + text(address, "serverAddress"))
                .isEqualTo(space.world().server().url());
    }
}
