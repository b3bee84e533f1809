package io.hypernetes.network.dns;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterContainer;

import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** Whatever comes, there is an answer that can be read, or none; nothing is thrown. */
class StrangersPacketsTest {

    private static final AtomicReference<Optional<byte[]>> FORWARDED =
            new AtomicReference<>(Optional.empty());
    private static final World WORLD = new World();
    private static final ClusterDns DNS = WORLD.dns(Upstream.NONE);

    private static final ClusterDns FORWARDING =
            WORLD.dns((query, _) -> {
                FORWARDED.set(Optional.of(query));
                return Optional.empty();
            });

    @AfterContainer
    static void close() {
        WORLD.close();
    }

    private void ask(byte[] packet, boolean overTcp) throws Exception {
        Optional<byte[]> answer =
                DNS.answer(new ClusterDns.Asker(World.ACME, "10.0.0.2", overTcp), packet);
        if (answer.isPresent()) {
            Message read = new Message(answer.get());
            assertThat(read.getHeader().getID())
                    .isEqualTo((packet[0] & 0xff) << 8 | packet[1] & 0xff);
            assertThat(answer.get().length).isLessThanOrEqualTo(overTcp ? 65_535 : 1232);
        }
    }

    @Property(tries = 1_000)
    void anyBytes(@ForAll @Size(max = 600) byte[] packet) throws Exception {
        ask(packet, true);
        ask(packet, false);
    }

    @Property(tries = 1_000)
    void questionsThatWereDamaged(
            @ForAll @IntRange(max = 3) int which,
            @ForAll @Size(min = 1, max = 6) List<@IntRange(max = 200) Integer> places,
            @ForAll byte value)
            throws Exception {
        String name =
                List.of(
                                "shop.web.svc.cluster.local.",
                                "_sql._tcp.db.web.svc.cluster.local.",
                                "3.0.0.10.in-addr.arpa.",
                                "outside.web.svc.cluster.local.")
                        .get(which);
        byte[] packet =
                Message.newQuery(Record.newRecord(Zone.name(name), Type.SRV, DClass.IN)).toWire();
        for (int place : places) {
            packet[place % packet.length] = value;
        }
        ask(packet, true);
        ask(packet, false);
    }

    @Property(tries = 1_000)
    void aForwarderMeetsOnlyQuestionsThatItCanRead(
            @ForAll @Size(min = 1, max = 6) List<@IntRange(max = 40) Integer> places,
            @ForAll byte value) {
        byte[] packet =
                Message.newQuery(Record.newRecord(Zone.name("www.example.com."), Type.A, DClass.IN))
                        .toWire();
        for (int place : places) {
            packet[place % packet.length] = value;
        }
        FORWARDED.set(Optional.empty());
        FORWARDING.answer(new ClusterDns.Asker(World.ACME, "10.0.0.2", false), packet);
        FORWARDED
                .get()
                .ifPresent(query ->
                        assertThat(Forwarder.endOfQuestion(query))
                                .isLessThanOrEqualTo(query.length));
    }
}
