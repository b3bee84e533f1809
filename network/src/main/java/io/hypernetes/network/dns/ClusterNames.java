package io.hypernetes.network.dns;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Tenant;
import io.hypernetes.controllerruntime.Informer;
import io.hypernetes.network.PodAddresses;
import io.hypernetes.network.service.SliceIndex;

import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.PTRRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.SRVRecord;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;

import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The names of a tenant's world, as the Kubernetes DNS specification has them (kubernetes/dns,
 * docs/specification.md). Whatever is asked, only objects of the asking tenant are looked at.
 */
final class ClusterNames {

    /** What the specification calls the schema version. */
    private static final String SCHEMA = "1.1.0";

    private static final int PRIORITY = 0;
    private static final int WEIGHT = 100;

    private final Informer services;
    private final Informer namespaces;
    private final Informer pods;
    private final SliceIndex slices;
    private final ReverseIndex reverse;

    ClusterNames(
            Informer services,
            Informer namespaces,
            Informer pods,
            SliceIndex slices,
            ReverseIndex reverse) {
        this.services = services;
        this.namespaces = namespaces;
        this.pods = pods;
        this.slices = slices;
        this.reverse = reverse;
    }

    /**
     * Who asks for what.
     *
     * @param server the address that was asked, as seen by the tenant
     */
    record Question(Tenant tenant, String server, Name name, int type) {
        Question of(Name other) {
            return new Question(tenant, server, other, type);
        }
    }

    Answer find(Question question) {
        if (AddressNames.isReverse(question.name())) {
            return reverse(question);
        }
        if (!question.name().subdomain(Zone.CLUSTER)) {
            return Answer.ELSEWHERE;
        }
        List<String> labels = labels(question.name(), Zone.CLUSTER);
        if (labels.isEmpty()) {
            return apex(question);
        }
        List<String> before = labels.subList(0, labels.size() - 1);
        return switch (labels.getLast()) {
            case "svc" -> ofServices(question, before);
            case "pod" -> ofPods(question, before);
            case "dns-version" -> version(question, before);
            case "dns" -> server(question, before);
            default -> Answer.NO_SUCH_NAME;
        };
    }

    private static Answer version(Question question, List<String> before) {
        return before.isEmpty()
                ? only(
                        question,
                        Type.TXT,
                        new TXTRecord(question.name(), DClass.IN, Zone.TTL, SCHEMA))
                : Answer.NO_SUCH_NAME;
    }

    /** The name that the zone gives to its server. */
    private static Answer server(Question question, List<String> before) {
        if (before.isEmpty()) {
            return Answer.NOTHING_OF_THIS_TYPE;
        }
        return before.equals(List.of("ns"))
                ? addresses(question, List.of(question.server()))
                : Answer.NO_SUCH_NAME;
    }

    /** Below the zone, in lower case: comparisons do not mind case. */
    private static List<String> labels(Name name, Name zone) {
        List<String> labels = new ArrayList<>();
        for (int i = 0; i < name.labels() - zone.labels(); i++) {
            labels.add(name.getLabelString(i).toLowerCase(Locale.ROOT));
        }
        return labels;
    }

    private static Answer apex(Question question) {
        return switch (question.type()) {
            case Type.SOA -> new Answer.Records(List.of(Zone.soa(Zone.CLUSTER)));
            case Type.NS ->
                    new Answer.Records(
                            List.of(new NSRecord(Zone.CLUSTER, DClass.IN, Zone.TTL, Zone.SERVER)));
            default -> Answer.NOTHING_OF_THIS_TYPE;
        };
    }

    /**
     * @param labels before {@code svc}: the namespace is last
     */
    private Answer ofServices(Question question, List<String> labels) {
        if (labels.size() < 2) {
            return namespace(question, labels);
        }
        int size = labels.size();
        ObjectKey key = new ObjectKey(question.tenant(), labels.getLast(), labels.get(size - 2));
        Optional<ObjectNode> found =
                services.get(key).filter(service -> !Metadata.isBeingDeleted(service));
        if (found.isEmpty()) {
            return Answer.NO_SUCH_NAME;
        }
        ServiceNames names = new ServiceNames(key, found.get(), slices.of(key));
        return switch (size) {
            case 2 -> service(question, names);
            case 3 -> endpoint(question, names, labels.getFirst());
            case 4 -> port(question, names, labels.get(0), labels.get(1));
            default -> Answer.NO_SUCH_NAME;
        };
    }

    private Answer namespace(Question question, List<String> labels) {
        boolean exists =
                labels.isEmpty()
                        || namespaces
                                .get(new ObjectKey(question.tenant(), "", labels.getFirst()))
                                .isPresent();
        return exists ? Answer.NOTHING_OF_THIS_TYPE : Answer.NO_SUCH_NAME;
    }

    private Answer service(Question question, ServiceNames service) {
        Optional<Name> alias = service.externalName();
        if (alias.isPresent()) {
            return only(
                    question,
                    question.type(),
                    new CNAMERecord(question.name(), DClass.IN, Zone.TTL, alias.get()));
        }
        if (!service.isHeadless()) {
            return addresses(question, service.clusterAddresses());
        }
        List<String> ready = service.ready().stream().map(ServiceNames.Endpoint::address).toList();
        return ready.isEmpty() ? Answer.NO_SUCH_NAME : addresses(question, ready);
    }

    private static Answer endpoint(Question question, ServiceNames service, String label) {
        List<String> addresses =
                service.isHeadless()
                        ? service.ready().stream()
                                .filter(endpoint -> endpoint.hostname().equals(label))
                                .map(ServiceNames.Endpoint::address)
                                .toList()
                        : List.of();
        if (addresses.isEmpty()) {
            return ServiceNames.isProtocol(label)
                    ? Answer.NOTHING_OF_THIS_TYPE // there are names below it
                    : Answer.NO_SUCH_NAME;
        }
        return addresses(question, addresses);
    }

    private static Answer port(
            Question question, ServiceNames service, String port, String protocol) {
        if (!port.startsWith("_") || !ServiceNames.isProtocol(protocol)) {
            return Answer.NO_SUCH_NAME;
        }
        List<ServiceNames.Target> targets =
                service.targets(port.substring(1), protocol.substring(1));
        if (targets.isEmpty()) {
            return Answer.NO_SUCH_NAME;
        }
        if (question.type() != Type.SRV && question.type() != Type.ANY) {
            return Answer.NOTHING_OF_THIS_TYPE;
        }
        List<Record> answers = new ArrayList<>();
        List<Record> additional = new ArrayList<>();
        for (ServiceNames.Target target : targets) {
            answers.add(
                    new SRVRecord(
                            question.name(),
                            DClass.IN,
                            Zone.TTL,
                            PRIORITY,
                            WEIGHT,
                            target.port(),
                            target.name()));
            additional.add(AddressNames.record(target.name(), target.address()));
        }
        return new Answer.Records(answers, additional);
    }

    /** {@code 10-0-0-3.NAMESPACE.pod}: only of pods that there are. */
    private Answer ofPods(Question question, List<String> labels) {
        if (labels.size() < 2) {
            return namespace(question, labels);
        }
        Optional<String> address = AddressNames.ofLabel(labels.getFirst());
        boolean exists =
                labels.size() == 2
                        && address.isPresent()
                        && pods.objects(question.tenant(), labels.getLast()).stream()
                                .anyMatch(pod -> has(pod, address.get()));
        return exists ? addresses(question, List.of(address.get())) : Answer.NO_SUCH_NAME;
    }

    private static boolean has(ObjectNode pod, String address) {
        String phase = pod.path("status").path("phase").asString("");
        return PodAddresses.of(pod).all().contains(address)
                && !phase.equals("Succeeded")
                && !phase.equals("Failed");
    }

    private Answer reverse(Question question) {
        boolean ipv6 = question.name().subdomain(Zone.REVERSE_IPV6);
        Name zone = ipv6 ? Zone.REVERSE_IPV6 : Zone.REVERSE;
        Optional<String> asked = AddressNames.ofReverse(labels(question.name(), zone), ipv6);
        if (asked.isEmpty()) {
            return Answer.ELSEWHERE;
        }
        String address = asked.get();
        List<Record> names = new ArrayList<>();
        for (ObjectKey key : reverse.services(question.tenant(), address)) {
            services.get(key)
                    .map(service -> new ServiceNames(key, service, slices.of(key)))
                    .ifPresent(service ->
                            service.namesOf(address).stream()
                                    .map(name ->
                                            new PTRRecord(
                                                    question.name(), DClass.IN, Zone.TTL, name))
                                    .forEach(names::add));
        }
        if (names.isEmpty()) {
            return Answer.ELSEWHERE;
        }
        return question.type() == Type.PTR || question.type() == Type.ANY
                ? new Answer.Records(names)
                : Answer.NOTHING_OF_THIS_TYPE;
    }

    /** Those of the family that is asked for. */
    private static Answer addresses(Question question, List<String> addresses) {
        List<Record> records =
                addresses.stream()
                        .filter(address ->
                                question.type() == Type.ANY
                                        || question.type() == AddressNames.type(address))
                        .map(address -> AddressNames.record(question.name(), address))
                        .toList();
        return records.isEmpty() ? Answer.NOTHING_OF_THIS_TYPE : new Answer.Records(records);
    }

    private static Answer only(Question question, int type, Record record) {
        return question.type() == type || question.type() == Type.ANY
                ? new Answer.Records(List.of(record))
                : Answer.NOTHING_OF_THIS_TYPE;
    }
}
