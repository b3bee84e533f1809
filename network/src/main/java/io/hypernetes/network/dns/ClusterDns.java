package io.hypernetes.network.dns;

import io.hypernetes.api.Tenant;
import io.hypernetes.controllerruntime.Informer;
import io.hypernetes.network.service.SliceIndex;

import org.jspecify.annotations.Nullable;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Header;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * From a question's bytes to the answer's, for the tenant whose network the question came from. The
 * bytes are a stranger's: what cannot be read gets a FORMERR, or nothing when it is not a question.
 */
public final class ClusterDns {

    private static final int HEADER = 12;
    private static final int PLAIN_UDP = 512;

    /** What passes everywhere unfragmented (DNS flag day 2020). */
    private static final int LARGEST_UDP = 1232;

    private static final int LARGEST_TCP = 65_535;
    private static final int LONGEST_CHAIN = 8;

    private final ClusterNames names;
    private final Upstream upstream;

    /** What must be known before anything can be said not to be there. */
    private final List<Informer> sources;

    /**
     * @param services of all tenants, as all of these; the caller's to start and close
     */
    public ClusterDns(
            Informer services,
            Informer namespaces,
            Informer pods,
            Informer slices,
            SliceIndex index,
            Upstream upstream) {
        this.names =
                new ClusterNames(
                        services, namespaces, pods, index, new ReverseIndex(services, slices));
        this.upstream = upstream;
        this.sources = List.of(services, namespaces, pods, slices);
    }

    /**
     * Who asked and how.
     *
     * @param server the address that was asked
     */
    public record Asker(Tenant tenant, String server, boolean overTcp) {}

    /** The answer; empty when there should be none. */
    public Optional<byte[]> answer(Asker asker, byte[] query) {
        if (query.length < HEADER || query[2] < 0) {
            return Optional.empty(); // no header, or an answer
        }
        Message question;
        try {
            question = new Message(query);
        } catch (IOException | RuntimeException e) {
            return Optional.of(malformed(query));
        }
        boolean ready = sources.stream().allMatch(Informer::hasSynced);
        int code = ready ? refusal(question) : Rcode.SERVFAIL;
        if (code != Rcode.NOERROR) {
            return Optional.of(toWire(asker, question, failure(question, code)));
        }
        return Optional.of(find(asker, question, query));
    }

    /** A header alone, with the id of what could not be read. */
    private static byte[] malformed(byte[] query) {
        byte[] answer = new byte[HEADER];
        answer[0] = query[0];
        answer[1] = query[1];
        answer[2] = (byte) 0x80;
        answer[3] = Rcode.FORMERR;
        return answer;
    }

    private static int refusal(Message question) {
        if (question.getHeader().getOpcode() != Opcode.QUERY) {
            return Rcode.NOTIMP;
        }
        Record asked = question.getQuestion();
        if (question.getHeader().getCount(Section.QUESTION) != 1 || asked == null) {
            return Rcode.FORMERR;
        }
        OPTRecord edns = question.getOPT();
        if (edns != null && edns.getVersion() != 0) {
            return Rcode.BADVERS;
        }
        int type = asked.getType();
        boolean transfer = type == Type.AXFR || type == Type.IXFR;
        return transfer || asked.getDClass() != DClass.IN ? Rcode.REFUSED : Rcode.NOERROR;
    }

    private byte[] find(Asker asker, Message question, byte[] query) {
        Record asked = question.getQuestion();
        ClusterNames.Question ask =
                new ClusterNames.Question(
                        asker.tenant(), asker.server(), asked.getName(), asked.getType());
        return switch (names.find(ask)) {
            case Answer.Records(List<Record> answers, List<Record> additional) -> {
                List<Record> chain = new ArrayList<>(answers);
                follow(ask, chain, asker.overTcp());
                yield toWire(asker, question, found(question, chain, additional));
            }
            case Answer.NoSuchName() -> toWire(asker, question, failure(question, Rcode.NXDOMAIN));
            case Answer.Elsewhere() ->
                    upstream.ask(query, asker.overTcp())
                            .orElseGet(() -> toWire(asker, question, notHere(question)));
        };
    }

    /** Programs in pods do not follow aliases themselves; that is their server's work. */
    private void follow(ClusterNames.Question ask, List<Record> chain, boolean overTcp) {
        for (int i = 0; i < LONGEST_CHAIN; i++) {
            if (chain.isEmpty()
                    || ask.type() == Type.CNAME
                    || !(chain.getLast() instanceof CNAMERecord alias)) {
                return;
            }
            switch (names.find(ask.of(alias.getTarget()))) {
                case Answer.Records(List<Record> more, _) -> chain.addAll(more);
                case Answer.NoSuchName() -> {
                    return;
                }
                case Answer.Elsewhere() -> {
                    chain.addAll(elsewhere(alias.getTarget(), ask.type(), overTcp));
                    return;
                }
            }
        }
    }

    private List<Record> elsewhere(Name name, int type, boolean overTcp) {
        Message query = Message.newQuery(Record.newRecord(name, type, DClass.IN));
        return upstream.ask(query.toWire(), overTcp)
                .flatMap(ClusterDns::parsed)
                .map(answer -> answer.getSection(Section.ANSWER))
                .orElse(List.of());
    }

    private static Optional<Message> parsed(byte[] answer) {
        try {
            return Optional.of(new Message(answer));
        } catch (IOException | RuntimeException e) {
            return Optional.empty();
        }
    }

    private static Message found(Message question, List<Record> answers, List<Record> additional) {
        Message answer = reply(question, Rcode.NOERROR);
        answer.getHeader().setFlag(Flags.AA);
        List<Record> mixed = answers;
        if (answers.stream().noneMatch(CNAMERecord.class::isInstance)) {
            mixed = new ArrayList<>(answers);
            Collections.shuffle(mixed); // whoever takes the first spreads all the same
        }
        mixed.forEach(record -> answer.addRecord(record, Section.ANSWER));
        additional.stream()
                .distinct()
                .forEach(record -> answer.addRecord(record, Section.ADDITIONAL));
        if (answers.isEmpty()) {
            answer.addRecord(Zone.soa(zone(question)), Section.AUTHORITY);
        }
        return answer;
    }

    private static Message failure(Message question, int code) {
        Message answer = reply(question, code);
        if (code == Rcode.NXDOMAIN) {
            answer.getHeader().setFlag(Flags.AA);
            answer.addRecord(Zone.soa(zone(question)), Section.AUTHORITY);
        }
        return answer;
    }

    /** Nobody is asked: an address without a name is said to have none, all else is refused. */
    private Message notHere(Message question) {
        if (!upstream.equals(Upstream.NONE)) {
            return failure(question, Rcode.SERVFAIL);
        }
        boolean reverse = AddressNames.isReverse(question.getQuestion().getName());
        return failure(question, reverse ? Rcode.NXDOMAIN : Rcode.REFUSED);
    }

    private static Name zone(Message question) {
        Name name = question.getQuestion().getName();
        return Stream.of(Zone.REVERSE, Zone.REVERSE_IPV6)
                .filter(name::subdomain)
                .findFirst()
                .orElse(Zone.CLUSTER);
    }

    private static Message reply(Message question, int code) {
        Message answer = new Message(question.getHeader().getID());
        Header header = answer.getHeader();
        header.setOpcode(question.getHeader().getOpcode());
        header.setFlag(Flags.QR);
        if (question.getHeader().getFlag(Flags.RD)) {
            header.setFlag(Flags.RD);
        }
        header.setRcode(code & 0xf);
        for (Record asked : question.getSection(Section.QUESTION)) {
            answer.addRecord(asked, Section.QUESTION);
        }
        if (question.getOPT() != null) {
            answer.addRecord(new OPTRecord(LARGEST_UDP, code >> 4, 0), Section.ADDITIONAL);
        }
        return answer;
    }

    private byte[] toWire(Asker asker, Message question, Message answer) {
        if (!upstream.equals(Upstream.NONE)) {
            answer.getHeader().setFlag(Flags.RA);
        }
        return answer.toWire(asker.overTcp() ? LARGEST_TCP : room(question.getOPT()));
    }

    private static int room(@Nullable OPTRecord edns) {
        int wanted = edns == null ? PLAIN_UDP : edns.getPayloadSize();
        return Math.clamp(wanted, PLAIN_UDP, LARGEST_UDP);
    }
}
