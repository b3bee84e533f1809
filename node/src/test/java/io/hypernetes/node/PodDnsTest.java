package io.hypernetes.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.json.Json;
import io.hypernetes.cri.v1.DNSConfig;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

class PodDnsTest {

    private static DNSConfig dns(String spec) {
        String pod = "{'metadata':{'namespace':'web','name':'p'},'spec':{%s}}".formatted(spec);
        return PodDns.of(
                Json.parseObject(pod.replace('\'', '"').getBytes(StandardCharsets.UTF_8)),
                Optional.of("10.0.0.2"));
    }

    @Test
    void clusterNamesAreSearchedFirst() {
        DNSConfig dns = dns("");
        assertThat(dns.getServersList()).containsExactly("10.0.0.2");
        assertThat(dns.getSearchesList())
                .containsExactly("web.svc.cluster.local", "svc.cluster.local", "cluster.local");
        assertThat(dns.getOptionsList()).containsExactly("ndots:5");
        assertThat(dns("'dnsPolicy':'ClusterFirstWithHostNet'")).isEqualTo(dns);
    }

    @Test
    void defaultHasNoSearchPath() {
        DNSConfig dns = dns("'dnsPolicy':'Default'");
        assertThat(dns.getServersList()).containsExactly("10.0.0.2");
        assertThat(dns.getSearchesList()).isEmpty();
        assertThat(dns.getOptionsList()).isEmpty();
    }

    @Test
    void whatThePodAddsIsMergedAndItsOptionsWin() {
        String config =
                "'dnsConfig':{'nameservers':['192.0.2.1','192.0.2.2','192.0.2.3'],'searches':['a.test','cluster.local'],'options':[{'name':'ndots','value':'2'},{'name':'edns0'}]}";
        DNSConfig dns = dns(config);
        assertThat(dns.getServersList()).containsExactly("10.0.0.2", "192.0.2.1", "192.0.2.2");
        assertThat(dns.getSearchesList())
                .containsExactly(
                        "web.svc.cluster.local", "svc.cluster.local", "cluster.local", "a.test");
        assertThat(dns.getOptionsList()).containsExactly("ndots:2", "edns0");

        DNSConfig alone = dns("'dnsPolicy':'None'," + config);
        assertThat(alone.getServersList()).containsExactly("192.0.2.1", "192.0.2.2", "192.0.2.3");
        assertThat(alone.getSearchesList()).containsExactly("a.test", "cluster.local");
    }

    /** KEP-4762: it calls itself so, and has no whole name. */
    @Test
    void aHostnameMayBeOverridden() {
        String spec = "'hostname':'db-0','subdomain':'db','hostnameOverride':'my.own.name'";
        var pod =
                Json.parseObject(
                        "{'metadata':{'namespace':'web','name':'p'},'spec':{%s}}"
                                .formatted(spec)
                                .replace('\'', '"')
                                .getBytes(StandardCharsets.UTF_8));
        String name = CriConfigs.hostname(pod);
        assertThat(name).isEqualTo("my.own.name");
        assertThat(PodDns.hosts(pod, name, List.of("10.0.0.7"))).isEmpty();
    }

    @Test
    void hostsHaveTheWholeNameAndTheAliases() {
        String spec =
                "'subdomain':'db','hostAliases':[{'ip':'192.0.2.9','hostnames':['a.test','b.test']}]";
        String pod = "{'metadata':{'namespace':'web','name':'p'},'spec':{%s}}".formatted(spec);
        assertThat(
                        PodDns.hosts(
                                Json.parseObject(
                                        pod.replace('\'', '"').getBytes(StandardCharsets.UTF_8)),
                                "db-0",
                                List.of("10.0.0.7", "fd00::7")))
                .isEqualTo(
                        """
                        10.0.0.7\tdb-0.db.web.svc.cluster.local\tdb-0
                        fd00::7\tdb-0.db.web.svc.cluster.local\tdb-0
                        192.0.2.9\ta.test\tb.test
                        """);
    }
}
