package io.hypernetes.api.types;

import static io.hypernetes.api.Trees.object;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.FieldError;
import io.hypernetes.api.Strategy;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.types.core.PodIsolation;
import io.hypernetes.api.types.core.QualityOfService;
import io.hypernetes.api.types.kind.Trees;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import tools.jackson.databind.node.ObjectNode;

import java.util.List;

class PodStrategyTest {

    private static final Strategy STRATEGY = BuiltinTypes.PODS.strategy();

    private static ObjectNode pod(String container, String spec) {
        ObjectNode pod =
                object(
                        "{'metadata':{'name':'p','namespace':'n'},'spec':{'containers':[{'name':'c',"
                            + "'image':'busybox'"
                                + container
                                + "}]"
                                + spec
                                + "}}");
        STRATEGY.applyDefaults(pod);
        return pod;
    }

    private static List<String> errors(ObjectNode pod) {
        return STRATEGY.validate(pod).stream().map(FieldError::toString).toList();
    }

    @Test
    void defaultsAreThoseOfKubernetesAndIdempotent() {
        ObjectNode pod = pod(",'resources':{'limits':{'cpu':'1000m'}}", "");
        ObjectNode again = pod.deepCopy();
        STRATEGY.applyDefaults(again);
        assertThat(again).isEqualTo(pod);
        assertThat(pod.path("spec").path("restartPolicy").asString()).isEqualTo("Always");
        assertThat(Trees.text(pod.path("spec").path("containers").get(0), "imagePullPolicy"))
                .isEqualTo("Always");
        assertThat(
                        Trees.at(
                                        pod.path("spec").path("containers").get(0),
                                        "resources",
                                        "requests",
                                        "cpu")
                                .asString())
                .isEqualTo("1");
        assertThat(errors(pod)).isEmpty();
        STRATEGY.prepareForCreate(pod);
        assertThat(Trees.text(pod, "status", "qosClass")).isEqualTo("Burstable");
        assertThat(pod.path("status").has("conditions")).isFalse();
        pod.withObject("spec").putArray("schedulingGates").addObject().put("name", "g");
        STRATEGY.prepareForCreate(pod);
        assertThat(pod.path("status").path("conditions").path(0).path("reason").asString())
                .isEqualTo("SchedulingGated");
    }

    /** KEP-2837. */
    @Test
    void whatThePodAsAWholeAsksForMakesItsClass() {
        assertThat(classOf("'requests':{'cpu':'1'}")).isEqualTo("Burstable");
        assertThat(
                        classOf(
                                "'requests':{'cpu':'1','memory':'1Gi'},'limits':{'cpu':'1','memory':'1Gi'}"))
                .isEqualTo("Guaranteed");
    }

    private static String classOf(String resources) {
        return QualityOfService.of(
                object("{'resources':{%s},'containers':[{'name':'a'}]}".formatted(resources)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                ",'volumeMounts':[{'name':'v','mountPath':'/v'}] | |"
                        + " spec.containers[0].volumeMounts[0].name: Not found: \"v\"",
                ",'ports':[{'containerPort':70000}] | | spec.containers[0].ports[0].containerPort:"
                        + " Invalid value: 70000: must be between 1 and 65535, inclusive",
                ",'imagePullPolicy':'Often' | | spec.containers[0].imagePullPolicy: Unsupported"
                        + " value: \"Often\": supported values: \"Always\", \"IfNotPresent\","
                        + " \"Never\"",
                ",'resources':{'requests':{'cpu':'2'},'limits':{'cpu':'1'}} | |"
                    + " spec.containers[0].resources.requests: Invalid value: \"2\": must be less"
                    + " than or equal to cpu limit of 1",
                ",'image':'' | | spec.containers[0].image: Required value",
                "`` | ,'restartPolicy':'Maybe' | spec.restartPolicy: Unsupported value: \"Maybe\":"
                        + " supported values: \"Always\", \"OnFailure\", \"Never\"",
                "},{'name':'c','image':'x' | | spec.containers[1].name: Duplicate value: \"c\"",
            })
    void mistakesAreToldInKubernetesWords(String container, String spec, String message) {
        assertThat(errors(pod(container == null ? "" : container, spec == null ? "" : spec)))
                .containsExactly(message);
    }

    @Test
    void onlyTheImageOfARunningPodMayChange() {
        ObjectNode old = pod("", "");
        assertThat(
                        STRATEGY.validateUpdate(
                                pod(",'image':'other:1','imagePullPolicy':'Always'", ""), old))
                .isEmpty();
        assertThat(STRATEGY.validateUpdate(pod("", ",'hostname':'h'"), old))
                .singleElement()
                .satisfies(e -> {
                    assertThat(e.field()).isEqualTo("spec");
                    assertThat(e.message())
                            .startsWith(
                                    "Forbidden: pod updates may not change fields other than"
                                            + " `spec.containers[*].image`,")
                            .endsWith("spec.hostname differs");
                });
    }

    @Test
    void aBindingIsJudgedByItsNodeAlone() {
        ObjectNode old = pod("", "");
        assertThat(STRATEGY.validate(pod("", ",'nodeName':'n'"), old)).isEmpty();
        assertThat(STRATEGY.validate(pod("", ",'nodeName':'N_1'"), old))
                .extracting(FieldError::field)
                .containsExactly("spec.nodeName");
        assertThat(STRATEGY.validate(pod(",'imagePullPolicy':'Often'", ",'nodeName':'n'"), old))
                .extracting(FieldError::field)
                .contains("spec.containers[0].imagePullPolicy");
    }

    @Test
    void onlyTheOperatorsPodsReachTheHost() {
        ObjectNode pod =
                pod(
                        ",'securityContext':{'privileged':true},'ports':[{'containerPort':1,'hostPort':1}]",
                        ",'hostNetwork':true,'volumes':[{'name':'h','hostPath':{'path':'/'}}]");
        assertThat(PodIsolation.check(Tenant.SYSTEM, pod)).isEmpty();
        assertThat(PodIsolation.check(new Tenant("acme"), pod))
                .extracting(FieldError::field)
                .containsExactly(
                        "spec.hostNetwork",
                        "spec.volumes[0].hostPath",
                        "spec.containers[0].securityContext.privileged",
                        "spec.containers[0].ports[0].hostPort");
    }

    @Test
    void onlyTheOperatorsPodsAreNoVirtualMachines() {
        for (String name : List.of("containerd", "runc")) {
            ObjectNode pod = pod("", ",'runtimeClassName':'" + name + "'");
            assertThat(PodIsolation.check(Tenant.SYSTEM, pod)).isEmpty();
            assertThat(PodIsolation.check(new Tenant("acme"), pod))
                    .extracting(FieldError::field)
                    .containsExactly("spec.runtimeClassName");
        }
    }
}
