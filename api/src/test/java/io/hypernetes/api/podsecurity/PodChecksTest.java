package io.hypernetes.api.podsecurity;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.json.Json;
import io.hypernetes.api.podsecurity.SecurityPolicy.Level;
import io.hypernetes.api.podsecurity.SecurityPolicy.Standard;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.util.Map;

final class PodChecksTest {

    /** JSON with single quotes, as the tables below are easier to read so. */
    private static ObjectNode json(String text) {
        return Json.parseObject(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    private static String found(Level level, int minor, String pod, String container) {
        ObjectNode spec = json("{" + pod + "}");
        ObjectNode one = json("{" + container + "}");
        one.put("name", "c");
        spec.putArray("containers").add(one);
        return Violation.details(
                PodChecks.violations(new Standard(level, minor), new PodView(Json.object(), spec)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'hostNetwork':true,'hostPID':true||host namespaces (hostNetwork=true,"
                        + " hostPID=true)",
                "'volumes':[{'name':'v','hostPath':{'path':'/'}}]||hostPath volumes (volume \"v\")",
                "|'ports':[{'hostPort':80}]|hostPort (container \"c\" uses hostPort 80)",
                "|'securityContext':{'privileged':true}|privileged (container \"c\" must not set"
                        + " securityContext.privileged=true)",
                "|'securityContext':{'procMount':'Unmasked'}|procMount (container \"c\" must not"
                        + " set securityContext.procMount to \"Unmasked\")",
                "|'securityContext':{'capabilities':{'add':['NET_RAW','CHOWN']}}|non-default"
                        + " capabilities (container \"c\" must not include \"NET_RAW\" in"
                        + " securityContext.capabilities.add)",
                "'securityContext':{'sysctls':[{'name':'kernel.msgmax'}]}||forbidden sysctls"
                        + " (kernel.msgmax)",
                "'securityContext':{'seLinuxOptions':{'type':'x','user':'u'}}||seLinuxOptions (pod"
                    + " set forbidden securityContext.seLinuxOptions: type \"x\"; user may not be"
                    + " set)",
                "'securityContext':{'seccompProfile':{'type':'Unconfined'}}||seccompProfile (pod"
                        + " must not set securityContext.seccompProfile.type to \"Unconfined\")",
                "'securityContext':{'appArmorProfile':{'type':'Unconfined'}}||forbidden AppArmor"
                        + " profile (pod must not set AppArmor profile type to \"Unconfined\")",
                "'securityContext':{'windowsOptions':{'hostProcess':true}}||hostProcess (pod must"
                        + " not set securityContext.windowsOptions.hostProcess=true)",
                "|'livenessProbe':{'httpGet':{'host':'h'}}|probe or lifecycle host (container \"c\""
                        + " uses probe or lifecycle host \"h\")",
            })
    void baselineForbids(String pod, String container, String expected) {
        assertThat(
                        found(
                                Level.BASELINE,
                                Standard.LATEST,
                                pod == null ? "" : pod,
                                container == null ? "" : container))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'volumes':[{'name':'v','nfs':{}}]|restricted volume types (volume \"v\" uses"
                        + " restricted volume type \"nfs\")",
                "'volumes':[{'name':'v','hostPath':{}}]|restricted volume types (volume \"v\" uses"
                        + " restricted volume type \"hostPath\")",
                "'securityContext':{'runAsNonRoot':false,'seccompProfile':{'type':'RuntimeDefault'}}|runAsNonRoot"
                    + " != true (pod must not set securityContext.runAsNonRoot=false)",
                "'securityContext':{'runAsUser':0,'runAsNonRoot':true,'seccompProfile':{'type':'Localhost'}}|runAsUser=0"
                    + " (pod must not set runAsUser=0)",
            })
    void restrictedForbidsMore(String pod, String expected) {
        String good =
                "'securityContext':{'allowPrivilegeEscalation':false,"
                        + "'capabilities':{'drop':['ALL']}}";
        String all =
                pod.contains("'securityContext'")
                        ? pod
                        : pod
                                + ",'securityContext':{'runAsNonRoot':true,"
                                + "'seccompProfile':{'type':'RuntimeDefault'}}";
        assertThat(found(Level.RESTRICTED, Standard.LATEST, all, good)).isEqualTo(expected);
    }

    @Test
    void anOlderVersionKnowsLess() {
        String sysctl = "'securityContext':{'sysctls':[{'name':'net.ipv4.tcp_rmem'}]}";
        assertThat(found(Level.BASELINE, 31, sysctl, "")).contains("net.ipv4.tcp_rmem");
        assertThat(found(Level.BASELINE, 32, sysctl, "")).isEmpty();
        String probe = "'livenessProbe':{'tcpSocket':{'host':'h'}}";
        assertThat(found(Level.BASELINE, 33, "", probe)).isEmpty();
        assertThat(found(Level.PRIVILEGED, Standard.LATEST, "'hostPID':true", "")).isEmpty();
    }

    @Test
    void warnFollowsEnforceAndWrongLabelsAreTold() {
        SecurityPolicy.Parsed parsed =
                SecurityPolicy.of(
                        Map.of(
                                "pod-security.kubernetes.io/enforce", "baseline",
                                "pod-security.kubernetes.io/enforce-version", "v1.30",
                                "pod-security.kubernetes.io/audit", "none"));
        assertThat(parsed.policy().warn()).hasToString("baseline:v1.30");
        assertThat(parsed.errors())
                .singleElement()
                .hasToString(
                        "metadata.labels[pod-security.kubernetes.io/audit]: Invalid value:"
                                + " \"none\": must be one of privileged, baseline, restricted");
    }
}
