package io.hypernetes.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hypernetes.api.Tenant;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.memoryclient.MemoryClient;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

class EnvironmentTest {

    private static final Tenant ACME = new Tenant("acme");

    private List<String> podIps = List.of("10.0.0.3", "fd00::3");
    private final MemoryClient client = new MemoryClient();
    private final Environment environment =
            new Environment(
                    client,
                    new DownwardApi("node-1", "192.0.2.1", new Capacity(2000, 1L << 30, 0, 0, 10)));
    private Environment.VolumeFiles files = (_, _) -> Optional.empty();
    private final ObjectNode pod =
            tree(
                    "{'metadata':{'name':'a','namespace':'web','uid':'u','labels':{'x':'y'}},'spec':{}}");

    @Test
    void variablesAreExpandedByThoseBeforeThem() {
        assertThat(of("{'env':[{'name':'A','value':'1'},{'name':'B','value':'$(A)-$(C)-$$(A)'}]}"))
                .containsEntry("B", "1-$(C)-$(A)");
    }

    @Test
    void variablesComeFromFilesThatOtherContainersHaveLeft() {
        files =
                (volume, path) ->
                        Optional.of("A='one'\n".getBytes(StandardCharsets.UTF_8))
                                .filter(_ -> volume.equals("kept") && path.equals("dir/env"));
        String one = "{'env':[{'name':'V','valueFrom':{'fileKeyRef':{'volumeName':'kept',%s}}}]}";
        assertThat(of(one.formatted("'path':'dir/env','key':'A'"))).containsEntry("V", "one");
        assertThat(of(one.formatted("'path':'dir/env','key':'B','optional':true")))
                .doesNotContainKey("V");
        assertThatThrownBy(() -> of(one.formatted("'path':'dir/env','key':'B'")))
                .hasMessage("environment variable key \"B\" not found in file \"dir/env\"");
        assertThatThrownBy(() -> of(one.formatted("'path':'none','key':'A'")))
                .hasMessage(
                        "environment variable key \"A\" not found in file \"none\", which is not"
                                + " there");
        files = (_, _) -> Optional.of("export A=1".getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> of(one.formatted("'path':'x','key':'A'")))
                .hasMessageStartingWith("couldn't parse env file \"x\": invalid environment");
    }

    @Test
    void aPodKnowsItsAddressesAndAsksServicesAtItsOwnFamily() {
        String fields =
                "{'env':[{'name':'IP','valueFrom':{'fieldRef':{'fieldPath':'status.podIP'}}},"
                        + "{'name':'IPS','valueFrom':{'fieldRef':{'fieldPath':'status.podIPs'}}}]}";
        client.create(
                BuiltinTypes.SERVICES,
                ACME,
                tree(
                        "{'metadata':{'namespace':'web','name':'shop'},'spec':{'clusterIP':'10.96.0.20','clusterIPs':['10.96.0.20','fd00:10:96::14'],'ports':[{'port':80}]}}"));
        assertThat(of(fields))
                .containsEntry("IP", "10.0.0.3")
                .containsEntry("IPS", "10.0.0.3,fd00::3")
                .containsEntry("SHOP_SERVICE_HOST", "10.96.0.20");
        podIps = List.of("fd00::3");
        assertThat(of(fields))
                .containsEntry("IP", "fd00::3")
                .containsEntry("SHOP_SERVICE_HOST", "fd00:10:96::14")
                .containsEntry("SHOP_PORT", "tcp://[fd00:10:96::14]:80");
    }

    @Test
    void servicesAreToldAndOnlyTheApiWithoutLinks() {
        service("default", "kubernetes", "10.96.0.1", "{'name':'https','port':443}");
        service(
                "web",
                "my-shop",
                "10.96.0.20",
                "{'port':80},{'name':'a-b','port':53,'protocol':'UDP'}");
        service("web", "headless", "None", "{'port':80}");
        service("other", "far", "10.96.0.21", "{'port':80}");
        assertThat(of("{'env':[{'name':'URL','value':'$(MY_SHOP_PORT)'}]}"))
                .containsEntry("KUBERNETES_SERVICE_HOST", "10.96.0.1")
                .containsEntry("KUBERNETES_SERVICE_PORT", "443")
                .containsEntry("KUBERNETES_SERVICE_PORT_HTTPS", "443")
                .containsEntry("MY_SHOP_SERVICE_HOST", "10.96.0.20")
                .containsEntry("MY_SHOP_SERVICE_PORT", "80")
                .containsEntry("MY_SHOP_SERVICE_PORT_A_B", "53")
                .containsEntry("MY_SHOP_PORT_53_UDP", "udp://10.96.0.20:53")
                .containsEntry("MY_SHOP_PORT_80_TCP_ADDR", "10.96.0.20")
                .containsEntry("URL", "tcp://10.96.0.20:80")
                .doesNotContainKeys("HEADLESS_SERVICE_HOST", "FAR_SERVICE_HOST");
        pod.withObject("spec").put("enableServiceLinks", false);
        assertThat(of("{}"))
                .containsKey("KUBERNETES_SERVICE_HOST")
                .doesNotContainKey("MY_SHOP_SERVICE_HOST");
    }

    private void service(String namespace, String name, String address, String ports) {
        client.create(
                BuiltinTypes.SERVICES,
                ACME,
                tree(
                        "{'metadata':{'name':'%s','namespace':'%s'},'spec':{'clusterIP':'%s','ports':[%s]}}"
                                .formatted(name, namespace, address, ports)));
    }

    @Test
    void aLoneDollarAndAnOpenBracketStay() {
        assertThat(Environment.expand("a$b $( $", Map.of("b", "x"))).isEqualTo("a$b $( $");
    }

    @Test
    void valuesComeFromConfigMapsSecretsAndThePodItself() {
        client.create(
                BuiltinTypes.CONFIG_MAPS,
                ACME,
                tree("{'metadata':{'name':'m','namespace':'web'},'data':{'k':'blue'}}"));
        client.create(
                BuiltinTypes.SECRETS,
                ACME,
                tree("{'metadata':{'name':'s','namespace':'web'},'data':{'p':'c2VjcmV0'}}"));
        Map<String, String> variables =
                of(
                        "{'envFrom':[{'prefix':'X_','configMapRef':{'name':'m'}}],'env':["
                            + "{'name':'S','valueFrom':{'secretKeyRef':{'name':'s','key':'p'}}},"
                            + "{'name':'N','valueFrom':{'fieldRef':{'fieldPath':'spec.nodeName'}}},"
                            + "{'name':'L','valueFrom':{'fieldRef':{'fieldPath':\"metadata.labels['x']\"}}},"
                            + "{'name':'M','valueFrom':{'resourceFieldRef':{'resource':'limits.memory','divisor':'1Mi'}}}]}");
        assertThat(variables)
                .containsEntry("X_k", "blue")
                .containsEntry("S", "secret")
                .containsEntry("N", "node-1")
                .containsEntry("L", "y")
                .containsEntry("M", "1024");
    }

    @Test
    void whatIsMissingStopsTheContainerUnlessItIsOptional() {
        assertThatThrownBy(() ->
                        of(
                                "{'env':[{'name':'A','valueFrom':{'configMapKeyRef':{'name':'none','key':'k'}}}]}"))
                .isInstanceOf(PodConfigException.class)
                .hasMessage("configmap \"none\" not found");
        assertThat(
                        of(
                                "{'env':[{'name':'A','valueFrom':{'configMapKeyRef':{'name':'none','key':'k','optional':true}}}]}"))
                .doesNotContainKey("A");
    }

    @Test
    void anotherTenantsConfigMapOfTheSameNameIsNotFound() {
        client.create(
                BuiltinTypes.CONFIG_MAPS,
                new Tenant("globex"),
                tree("{'metadata':{'name':'m','namespace':'web'},'data':{'k':'theirs'}}"));
        assertThatThrownBy(() -> of("{'envFrom':[{'configMapRef':{'name':'m'}}]}"))
                .isInstanceOf(PodConfigException.class);
    }

    /** KEP-2837: who has no limit of its own has that of the pod as a whole. */
    @Test
    void theLimitOfThePodIsThatOfItsContainers() {
        ObjectNode limited =
                tree(
                        "{'metadata':{'name':'p','namespace':'web'},'spec':{'resources':{'limits':{'memory':'256Mi'}}}}");
        ObjectNode container =
                tree(
                        "{'env':[{'name':'M','valueFrom':{'resourceFieldRef':{'resource':'limits.memory','divisor':'1Mi'}}}]}");
        assertThat(environment.of(ACME, limited, container, podIps, files))
                .containsEntry("M", "256");
    }

    private Map<String, String> of(String container) {
        return environment.of(ACME, pod, tree(container), podIps, files);
    }

    /** JSON with single quotes, except around what itself has them. */
    private static ObjectNode tree(String json) {
        String strict =
                json.replace("\"metadata.labels['x']\"", "@")
                        .replace('\'', '"')
                        .replace("@", "\"metadata.labels['x']\"");
        return Json.parseObject(strict.getBytes(StandardCharsets.UTF_8));
    }
}
