package io.hypernetes.network.dns;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.Tenant;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** The Kubernetes DNS specification, section by section. */
class ClusterDnsTest {

    private static final World WORLD = new World();
    private static ClusterDns dns;

    @BeforeAll
    static void open() {
        dns = WORLD.dns(Upstream.NONE);
    }

    @AfterAll
    static void close() {
        WORLD.close();
    }

    private static Message ask(Tenant tenant, String name, String type) {
        return ask(dns, tenant, query(name, type));
    }

    private static Message query(String name, String type) {
        return Message.newQuery(Record.newRecord(Zone.name(name), Type.value(type), DClass.IN));
    }

    private static Message ask(ClusterDns dns, Tenant tenant, Message query) {
        try {
            byte[] answer =
                    dns.answer(new ClusterDns.Asker(tenant, "10.0.0.2", false), query.toWire())
                            .orElseThrow();
            Message message = new Message(answer);
            assertThat(message.getHeader().getID()).isEqualTo(query.getHeader().getID());
            assertThat(message.getHeader().getFlag(Flags.QR)).isTrue();
            assertThat(message.getQuestion()).isEqualTo(query.getQuestion());
            return message;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static List<String> answers(Message message, int section) {
        return message.getSection(section).stream()
                .map(record -> Type.string(record.getType()) + " " + record.rdataToString())
                .sorted()
                .toList();
    }

    @ParameterizedTest
    @CsvSource({
        "shop.web.svc.cluster.local., A, A 10.96.0.20",
        "SHOP.Web.SVC.cluster.LOCAL., A, A 10.96.0.20",
        "db.web.svc.cluster.local., A, A 10.0.0.3|A 10.0.0.4",
        "db-0.db.web.svc.cluster.local., A, A 10.0.0.3",
        "10-0-0-4.db.web.svc.cluster.local., A, A 10.0.0.4",
        "10-0-0-3.web.pod.cluster.local., A, A 10.0.0.3",
        "outside.web.svc.cluster.local., A, CNAME www.example.com.",
        "outside.web.svc.cluster.local., CNAME, CNAME www.example.com.",
        "inside.web.svc.cluster.local., A, A 10.96.0.20|CNAME shop.web.svc.cluster.local.",
        "20.0.96.10.in-addr.arpa., PTR, PTR shop.web.svc.cluster.local.",
        "3.0.0.10.in-addr.arpa., PTR, PTR db-0.db.web.svc.cluster.local.",
        "_http._tcp.shop.web.svc.cluster.local., SRV, SRV 0 100 80 shop.web.svc.cluster.local.",
        "_dns._udp.shop.web.svc.cluster.local., SRV, SRV 0 100 53 shop.web.svc.cluster.local.",
        "dns-version.cluster.local., TXT, TXT \"\"\"1.1.0\"\"\"",
        "cluster.local., NS, NS ns.dns.cluster.local.",
        "both.web.svc.cluster.local., A, A 10.96.0.21",
        "both.web.svc.cluster.local., AAAA, AAAA fd00:10:96:0:0:0:0:15",
        "both.web.svc.cluster.local., ANY, A 10.96.0.21|AAAA fd00:10:96:0:0:0:0:15",
        "peers.web.svc.cluster.local., A, A 10.0.0.8",
        "peers.web.svc.cluster.local., AAAA, AAAA fd00:1:0:0:0:0:0:0|AAAA fd00:1:0:0:0:0:0:8",
        "peer-0.peers.web.svc.cluster.local., AAAA, AAAA fd00:1:0:0:0:0:0:8",
        "fd00-1--0.peers.web.svc.cluster.local., AAAA, AAAA fd00:1:0:0:0:0:0:0",
        "fd00-1--8.web.pod.cluster.local., AAAA, AAAA fd00:1:0:0:0:0:0:8",
        "5.1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.6.9.0.0.0.1.0.0.0.0.d.f.ip6.arpa., PTR, PTR"
                + " both.web.svc.cluster.local.",
        "8.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.1.0.0.0.0.0.d.f.ip6.arpa., PTR, PTR"
                + " peer-0.peers.web.svc.cluster.local.",
        "ns.dns.cluster.local., A, A 10.0.0.2",
    })
    void recordsAreAsSpecified(String name, String type, String expected) {
        Message answer = ask(World.ACME, name, type);
        assertThat(answer.getRcode()).isEqualTo(Rcode.NOERROR);
        assertThat(answer.getHeader().getFlag(Flags.AA)).isTrue();
        assertThat(answers(answer, Section.ANSWER))
                .containsExactly(expected.replace("\"\"\"", "\"").split("\\|"));
    }

    @Test
    void servicesOfAHeadlessServiceNameEachReadyEndpoint() {
        Message answer = ask(World.ACME, "_sql._tcp.db.web.svc.cluster.local.", "SRV");
        assertThat(answers(answer, Section.ANSWER))
                .containsExactly(
                        "SRV 0 100 15432 10-0-0-4.db.web.svc.cluster.local.",
                        "SRV 0 100 15432 db-0.db.web.svc.cluster.local.");
        assertThat(answers(answer, Section.ADDITIONAL)).contains("A 10.0.0.3", "A 10.0.0.4");
    }

    @Test
    void aPortOfBothFamiliesNamesEachTargetWithBothAddresses() {
        Message answer = ask(World.ACME, "_http._tcp.both.web.svc.cluster.local.", "SRV");
        assertThat(answers(answer, Section.ADDITIONAL))
                .containsExactly("A 10.96.0.21", "AAAA fd00:10:96:0:0:0:0:15");
    }

    @ParameterizedTest
    @CsvSource({
        "shop.web.svc.cluster.local., AAAA",
        "db.web.svc.cluster.local., AAAA",
        "shop.web.svc.cluster.local., TXT",
        "shop.web.svc.cluster.local., SRV",
        "_tcp.shop.web.svc.cluster.local., A",
        "web.svc.cluster.local., A",
        "svc.cluster.local., A",
        "web.pod.cluster.local., A",
        "cluster.local., A",
    })
    void namesWithoutThisTypeAreEmptyAndNoError(String name, String type) {
        Message answer = ask(World.ACME, name, type);
        assertThat(answer.getRcode()).isEqualTo(Rcode.NOERROR);
        assertThat(answer.getSection(Section.ANSWER)).isEmpty();
        assertThat(answers(answer, Section.AUTHORITY)).first().asString().startsWith("SOA");
    }

    @ParameterizedTest
    @CsvSource({
        "none.web.svc.cluster.local., A",
        "empty.web.svc.cluster.local., A",
        "shop.none.svc.cluster.local., A",
        "none.svc.cluster.local., A",
        "db-2.db.web.svc.cluster.local., A",
        "x.shop.web.svc.cluster.local., A",
        "_none._tcp.shop.web.svc.cluster.local., SRV",
        "_http._udp.shop.web.svc.cluster.local., SRV",
        "a._http._tcp.shop.web.svc.cluster.local., SRV",
        "10-0-0-9.web.pod.cluster.local., A",
        "10-0-0-300.web.pod.cluster.local., A",
        "www.example.com.web.svc.cluster.local., A",
        "other.cluster.local., A",
        "99.0.96.10.in-addr.arpa., PTR",
        "5.0.0.10.in-addr.arpa., PTR",
        "9.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.1.0.0.0.0.0.d.f.ip6.arpa., PTR",
        "x.d.f.ip6.arpa., PTR",
        "fd00-1--9.web.pod.cluster.local., AAAA",
    })
    void whatIsNotThereIsSaidNotToBe(String name, String type) {
        Message answer = ask(World.ACME, name, type);
        assertThat(answer.getRcode()).isEqualTo(Rcode.NXDOMAIN);
        assertThat(answers(answer, Section.AUTHORITY)).first().asString().startsWith("SOA");
    }

    @Test
    void aTenantHearsOfItsOwnObjectsAlone() {
        assertThat(answers(ask(World.GLOBEX, "shop.web.svc.cluster.local.", "A"), Section.ANSWER))
                .containsExactly("A 10.96.0.77");
        for (String name :
                List.of(
                        "db.web.svc.cluster.local.",
                        "10-0-0-3.web.pod.cluster.local.",
                        "20.0.96.10.in-addr.arpa.")) {
            assertThat(ask(World.GLOBEX, name, "A").getRcode()).isEqualTo(Rcode.NXDOMAIN);
        }
    }

    @Test
    void whatIsNotAQuestionOfOursIsRefused() {
        Message chaos =
                Message.newQuery(Record.newRecord(Zone.name("version.bind."), Type.TXT, DClass.CH));
        assertThat(ask(dns, World.ACME, chaos).getRcode()).isEqualTo(Rcode.REFUSED);
        assertThat(ask(World.ACME, "cluster.local.", "AXFR").getRcode()).isEqualTo(Rcode.REFUSED);
        assertThat(ask(World.ACME, "www.example.com.", "A").getRcode()).isEqualTo(Rcode.REFUSED);
        Message update = query("shop.web.svc.cluster.local.", "A");
        update.getHeader().setOpcode(Opcode.UPDATE);
        assertThat(ask(dns, World.ACME, update).getRcode()).isEqualTo(Rcode.NOTIMP);
    }

    @Test
    void aliasesThatGoInCirclesEnd() {
        Message answer = ask(World.ACME, "loop.web.svc.cluster.local.", "A");
        assertThat(answer.getRcode()).isEqualTo(Rcode.NOERROR);
        assertThat(answer.getSection(Section.ANSWER)).isNotEmpty();
    }

    @Test
    void namesOfElsewhereGoToTheOperatorsServers() throws Exception {
        try (World world = new World()) {
            ClusterDns forwarding =
                    world.dns((query, _) -> Optional.of(elsewhere(query, "2001:db8::1")));
            Message direct = ask(forwarding, World.ACME, query("www.example.com.", "AAAA"));
            assertThat(answers(direct, Section.ANSWER)).hasSize(1);
            Message alias =
                    ask(forwarding, World.ACME, query("outside.web.svc.cluster.local.", "AAAA"));
            assertThat(answers(alias, Section.ANSWER))
                    .hasSize(2)
                    .contains("CNAME www.example.com.");
            assertThat(
                            ask(forwarding, World.ACME, query("none.web.svc.cluster.local.", "A"))
                                    .getRcode())
                    .isEqualTo(Rcode.NXDOMAIN);
        }
    }

    private static byte[] elsewhere(byte[] query, String address) {
        try {
            Message asked = new Message(query);
            Message answer = new Message(asked.getHeader().getID());
            answer.getHeader().setFlag(Flags.QR);
            answer.addRecord(asked.getQuestion(), Section.QUESTION);
            Name name = asked.getQuestion().getName();
            answer.addRecord(
                    new AAAARecord(name, DClass.IN, 60, java.net.InetAddress.getByName(address)),
                    Section.ANSWER);
            return answer.toWire();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void anAnswerThatIsTooLargeSaysSo() throws Exception {
        try (World world = new World()) {
            StringBuilder endpoints = new StringBuilder();
            for (int i = 1; i <= 100; i++) {
                endpoints.append(i == 1 ? "" : ",").append("{'addresses':['10.1.0." + i + "']}");
            }
            world.make(
                    World.ACME,
                    io.hypernetes.api.types.BuiltinTypes.ENDPOINT_SLICES,
                    ("{'metadata':{'namespace':'web','name':'empty-1','labels':{'kubernetes.io/service-name':'empty'}},'endpoints':["
                            + endpoints
                            + "]}"));
            ClusterDns large = world.dns(Upstream.NONE);
            byte[] query = query("empty.web.svc.cluster.local.", "A").toWire();
            byte[] udp =
                    large.answer(new ClusterDns.Asker(World.ACME, "10.0.0.2", false), query)
                            .orElseThrow();
            assertThat(udp.length).isLessThanOrEqualTo(512);
            assertThat(new Message(udp).getHeader().getFlag(Flags.TC)).isTrue();
            byte[] tcp =
                    large.answer(new ClusterDns.Asker(World.ACME, "10.0.0.2", true), query)
                            .orElseThrow();
            assertThat(new Message(tcp).getSection(Section.ANSWER)).hasSize(100);
        }
    }

    @Test
    void answersAreNotAnswered() {
        byte[] response = query("shop.web.svc.cluster.local.", "A").toWire();
        response[2] |= (byte) 0x80;
        ClusterDns.Asker asker = new ClusterDns.Asker(World.ACME, "10.0.0.2", false);
        assertThat(dns.answer(asker, response)).isEmpty();
        assertThat(dns.answer(asker, new byte[11])).isEmpty();
    }
}
