package io.hypernetes.api.types.core;

import static io.hypernetes.api.Trees.object;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.FieldError;
import io.hypernetes.api.Strategy;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.api.types.kind.Trees;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.stream.Collectors;

/** The mistakes in services, and how they are told: addresses, balancers, what may not change. */
class ServiceRulesTest {
    private final Strategy strategy = BuiltinTypes.SERVICES.strategy();

    private ObjectNode service(String json) {
        ObjectNode service = object(json);
        ObjectNode metadata = Trees.child(service, "metadata");
        metadata.put("name", "x").put("namespace", "web");
        ObjectNode spec = Trees.child(service, "spec");
        if (!spec.has("ports")) {
            spec.putArray("ports").addObject().put("port", 80);
        }
        strategy.applyDefaults(service);
        return service;
    }

    private static String told(List<FieldError> errors) {
        return errors.stream().map(FieldError::toString).collect(Collectors.joining(" && "));
    }

    @Test
    void theFirstNameOfABalancerIsTakenForIt() {
        ObjectNode service = service("{'spec':{'type':'NetworkProvider'}}");
        assertThat(service.at("/spec/type").asString()).isEqualTo("LoadBalancer");
        assertThat(service).isEqualTo(service("{'spec':{'type':'LoadBalancer'}}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            emptyValue = "",
            textBlock =
                    """
                    {'clusterIP':'10.96.0.9','clusterIPs':['10.96.0.9'],'ipFamilies':['IPv4']} | ``
                    {'clusterIP':'10.96.0.9'}                                  | spec.clusterIPs: Required value
                    {'clusterIPs':['10.96.0.9']}                               | spec.clusterIPs: Invalid value: ["10.96.0.9"]: must be empty when `clusterIP` is not specified
                    {'clusterIP':'10.96.0.8','clusterIPs':['10.96.0.9']}       | spec.clusterIPs: Invalid value: ["10.96.0.9"]: first value must match `clusterIP`
                    {'clusterIP':'x','clusterIPs':['x']}                       | spec.clusterIPs[0]: Invalid value: "x": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)
                    {'clusterIP':'None','clusterIPs':['None','10.96.0.9']}     | spec.clusterIPs: Invalid value: ["None","10.96.0.9"]: 'None' must be the first and only value
                    {'clusterIP':'10.96.0.8','clusterIPs':['10.96.0.8','10.96.0.9']} | spec.clusterIPs: Invalid value: ["10.96.0.8","10.96.0.9"]: may specify no more than one IP for each IP family
                    {'clusterIP':'10.96.0.8','clusterIPs':['10.96.0.8','fd00::1','fd00::2']} | spec.clusterIPs: Invalid value: ["10.96.0.8","fd00::1","fd00::2"]: may only hold up to 2 values && spec.clusterIPs: Invalid value: ["10.96.0.8","fd00::1","fd00::2"]: may specify no more than one IP for each IP family
                    {'clusterIP':'10.96.0.8','clusterIPs':['10.96.0.8'],'ipFamilies':['IPv6']} | spec.clusterIPs[0]: Invalid value: "10.96.0.8": expected an IPv6 value as indicated by `ipFamilies[0]`
                    {'clusterIP':'fd00::1','clusterIPs':['fd00::1'],'ipFamilies':['IPv4']} | spec.clusterIPs[0]: Invalid value: "fd00::1": expected an IPv4 value as indicated by `ipFamilies[0]`
                    {'ipFamilies':['IPv5','IPv4','IPv4']}                      | spec.ipFamilies[0]: Unsupported value: "IPv5": supported values: "IPv4", "IPv6" && spec.ipFamilies[2]: Duplicate value: "IPv4"
                    {'ipFamilyPolicy':'Both'}                                  | spec.ipFamilyPolicy: Unsupported value: "Both": supported values: "PreferDualStack", "RequireDualStack", "SingleStack"
                    {'type':'ExternalName','externalName':'a.b','ipFamilies':['IPv4'],'ipFamilyPolicy':'SingleStack'} | spec.ipFamilies: Forbidden: may not be set for ExternalName services && spec.ipFamilyPolicy: Forbidden: may not be set for ExternalName services
                    {'externalIPs':['1.2.3.4']}                                | ``
                    {'externalIPs':['x','127.0.0.1','0.0.0.0','169.254.1.1']}  | spec.externalIPs[0]: Invalid value: "x": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff) && spec.externalIPs[1]: Invalid value: "127.0.0.1": may not be in the loopback range (127.0.0.0/8, ::1/128) && spec.externalIPs[2]: Invalid value: "0.0.0.0": may not be unspecified (0.0.0.0) && spec.externalIPs[3]: Invalid value: "169.254.1.1": may not be in the link-local range (169.254.0.0/16, fe80::/10)
                    {'ports':[{'port':80,'appProtocol':'a/b/c'}]}              | spec.ports[0].appProtocol: Invalid value: "a/b/c": a valid label key must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')
                    {'type':'NodePort','ports':[{'name':'a','port':1,'nodePort':30001},{'name':'b','port':2,'nodePort':30001}]} | spec.ports[1].nodePort: Duplicate value: 30001
                    {'type':'LoadBalancer','loadBalancerSourceRanges':[' 10.0.0.0/8 ','x']} | spec.LoadBalancerSourceRanges[1]: Invalid value: "x": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)
                    {'loadBalancerSourceRanges':['10.0.0.0/8']}                | spec.LoadBalancerSourceRanges: Forbidden: may only be used when `type` is 'LoadBalancer'
                    {'allocateLoadBalancerNodePorts':true}                     | spec.allocateLoadBalancerNodePorts: Forbidden: may only be used when `type` is 'LoadBalancer'
                    {'loadBalancerClass':'a/b'}                                | spec.loadBalancerClass: Forbidden: may only be used when `type` is 'LoadBalancer'
                    {'type':'LoadBalancer','loadBalancerClass':'a b'}          | spec.loadBalancerClass: Invalid value: "a b": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')
                    {'type':'LoadBalancer','externalTrafficPolicy':'Local'}    | spec.healthCheckNodePort: Required value
                    {'type':'NodePort','healthCheckNodePort':31000}            | spec.healthCheckNodePort: Invalid value: 31000: may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'
                    {'internalTrafficPolicy':'Global'}                         | spec.internalTrafficPolicy: Unsupported value: "Global": supported values: "Cluster", "Local"
                    {'trafficDistribution':'Far'}                              | spec.trafficDistribution: Unsupported value: "Far": supported values: "PreferClose", "PreferSameZone", "PreferSameNode"
                    {'sessionAffinity':'ClientIP','sessionAffinityConfig':{'clientIP':{'timeoutSeconds':86401}}} | spec.sessionAffinityConfig.clientIP.timeoutSeconds: Invalid value: 86401: must be greater than 0 and less than 86400
                    """)
    void mistakes(String spec, String errors) {
        assertThat(told(strategy.validate(service("{'spec':" + spec + "}")))).isEqualTo(errors);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            emptyValue = "",
            textBlock =
                    """
                    {'clusterIPs':['10.96.0.1']}           | {'clusterIPs':['10.96.0.2']}           | spec.clusterIPs[0]: Invalid value: ["10.96.0.2"]: may not change once set
                    {'clusterIPs':['10.96.0.1']}           | {'clusterIPs':['10.96.0.1','fd00::1']} | ``
                    {'clusterIPs':['10.96.0.1','fd00::1']} | {'clusterIPs':['10.96.0.1']}           | spec.ipFamilyPolicy: Invalid value: "null": must be set to 'SingleStack' when releasing the secondary clusterIP
                    {'clusterIPs':['10.96.0.1']}           | {'clusterIPs':[]}                      | spec.clusterIPs[0]: Invalid value: []: primary clusterIP can not be unset
                    {'clusterIPs':['10.96.0.1']}           | {'clusterIPs':['None']}                | spec.clusterIPs[0]: Invalid value: ["None"]: may not change once set
                    {'clusterIPs':['10.96.0.1']}           | {'type':'ExternalName'}                | ``
                    {'ipFamilies':['IPv4']}                | {'ipFamilies':['IPv6']}                | spec.ipFamilies[0]: Invalid value: ["IPv6"]: may not change once set
                    {'ipFamilies':['IPv4','IPv6']}         | {'ipFamilies':['IPv4'],'ipFamilyPolicy':'SingleStack'} | ``
                    {'type':'LoadBalancer','loadBalancerClass':'a/b'} | {'type':'LoadBalancer'}     | spec.loadBalancerClass: Invalid value: "null": may not change once set
                    {'type':'LoadBalancer','externalTrafficPolicy':'Local','healthCheckNodePort':31000} | {'type':'LoadBalancer','externalTrafficPolicy':'Local','healthCheckNodePort':31001} | spec.healthCheckNodePort: Forbidden: field is immutable
                    """)
    void changes(String before, String after, String errors) {
        ObjectNode old = service("{'spec':" + before + "}");
        ObjectNode now = service("{'spec':" + after + "}");
        assertThat(told(strategy.validateUpdate(now, old))).isEqualTo(errors);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            emptyValue = "",
            textBlock =
                    """
                    LoadBalancer | {'ip':'9.9.9.9'}                   | ``
                    LoadBalancer | {'ip':'9.9.9.9','ipMode':'Magic'}  | status.loadBalancer.ingress[0].ipMode: Unsupported value: "Magic": supported values: "Proxy", "VIP"
                    LoadBalancer | {'hostname':'lb','ipMode':'VIP'}   | status.loadBalancer.ingress[0].ipMode: Forbidden: may not be specified when `ip` is not set
                    LoadBalancer | {'hostname':'9.9.9.9'}             | status.loadBalancer.ingress[0].hostname: Invalid value: "9.9.9.9": must be a DNS name, not an IP address
                    ClusterIP    | {'ip':'9.9.9.9'}                   | status.loadBalancer.ingress: Forbidden: may only be used when `spec.type` is 'LoadBalancer'
                    """)
    void statuses(String type, String ingress, String errors) {
        ObjectNode now =
                service(
                        "{'spec':{'type':'"
                                + type
                                + "'},'status':{'loadBalancer':{'ingress':["
                                + ingress
                                + "]}}}");
        assertThat(told(strategy.validateStatusUpdate(now, now))).isEqualTo(errors);
    }
}
