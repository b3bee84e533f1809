package io.hypernetes.api.types.flowcontrol;

import io.hypernetes.api.Scope;
import io.hypernetes.api.names.Names;
import io.hypernetes.api.types.kind.Field;
import io.hypernetes.api.types.kind.KindStrategy;
import io.hypernetes.api.types.kind.Trees;

import tools.jackson.databind.node.ObjectNode;

/** PriorityLevelConfigurations: how many requests of a level run and wait. */
public final class PriorityLevelStrategy extends KindStrategy {

    private static final int DEFAULT_SHARES = 30;
    private static final int DEFAULT_QUEUES = 64;
    private static final int DEFAULT_HAND_SIZE = 8;
    private static final int DEFAULT_QUEUE_LENGTH = 50;
    private static final int MAX_QUEUES = 10_000_000;
    private static final int HASH_BITS = 60;

    public PriorityLevelStrategy() {
        super(Scope.CLUSTER, Names::dnsSubdomain);
    }

    @Override
    public void applyDefaults(ObjectNode level) {
        ObjectNode spec = Trees.child(level, "spec");
        if (spec.path("exempt") instanceof ObjectNode exempt) {
            Trees.setDefault(exempt, "nominalConcurrencyShares", 0);
            Trees.setDefault(exempt, "lendablePercent", 0);
        } else if (Trees.text(spec, "type").equals("Exempt")) {
            spec.putObject("exempt").put("nominalConcurrencyShares", 0).put("lendablePercent", 0);
        }
        if (spec.path("limited") instanceof ObjectNode limited) {
            Trees.setDefault(limited, "nominalConcurrencyShares", DEFAULT_SHARES);
            Trees.setDefault(limited, "lendablePercent", 0);
            if (limited.path("limitResponse").path("queuing") instanceof ObjectNode queuing) {
                setIfZero(queuing, "queues", DEFAULT_QUEUES);
                setIfZero(queuing, "handSize", DEFAULT_HAND_SIZE);
                setIfZero(queuing, "queueLengthLimit", DEFAULT_QUEUE_LENGTH);
            }
        }
    }

    private static void setIfZero(ObjectNode object, String field, int value) {
        if (object.path(field).asInt(0) == 0) {
            object.put(field, value);
        }
    }

    @Override
    public void prepareForCreate(ObjectNode level) {
        level.putObject("status");
    }

    @Override
    protected void rules(Field level) {
        Field spec = level.at("spec");
        Field type = spec.at("type");
        if (level.at("metadata", "name").is("exempt") != type.is("Exempt")) {
            type.invalid(type.text(), "type must be 'Exempt' if and only if name is 'exempt'");
        }
        Field limited = spec.at("limited");
        Field exempt = spec.at("exempt");
        switch (type.text()) {
            case "Exempt" -> {
                limited.forbiddenIfSet("must be nil if the type is not Limited");
                if (exempt.isSet()) {
                    shares(exempt);
                } else {
                    exempt.tellRequired("must not be empty when type is Exempt");
                }
            }
            case "Limited" -> {
                exempt.forbiddenIfSet("must be nil if the type is Limited");
                if (limited.isSet()) {
                    limited(limited);
                } else {
                    limited.tellRequired("must not be empty when type is Limited");
                }
            }
            default -> type.oneOf("Exempt", "Limited");
        }
        MandatoryObjects.check(level, MandatoryObjects.PRIORITY_LEVELS);
        Conditions.check(level.at("status", "conditions"));
    }

    private static void shares(Field part) {
        Field shares = part.at("nominalConcurrencyShares");
        if (shares.number() < 0) {
            shares.invalid("must be a non-negative integer");
        }
        percent(part.at("lendablePercent"));
    }

    private static void percent(Field percent) {
        if (percent.isSet() && (percent.number() < 0 || percent.number() > 100)) {
            percent.invalid("must be between 0 and 100, inclusive");
        }
    }

    private static void limited(Field limited) {
        shares(limited);
        Field borrowing = limited.at("borrowingLimitPercent");
        if (borrowing.isSet() && borrowing.number() < 0) {
            borrowing.invalid("if specified, must be a non-negative integer");
        }
        Field response = limited.at("limitResponse");
        Field queuing = response.at("queuing");
        switch (response.at("type").text()) {
            case "Reject" ->
                    queuing.forbiddenIfSet(
                            "must be nil if limited.limitResponse.type is not Limited");
            case "Queue" -> {
                if (queuing.isSet()) {
                    queuing(queuing);
                } else {
                    queuing.tellRequired(
                            "must not be empty if limited.limitResponse.type is Limited");
                }
            }
            default -> response.at("type").oneOf("Queue", "Reject");
        }
    }

    private static void queuing(Field queuing) {
        Field length = queuing.at("queueLengthLimit");
        Field queues = queuing.at("queues");
        Field hand = queuing.at("handSize");
        positive(length);
        if (queues.number() > MAX_QUEUES) {
            queues.invalid("must not be greater than " + MAX_QUEUES);
        } else {
            positive(queues);
        }
        long bits = entropyBits(queues.number(), hand.number());
        if (hand.number() > queues.number()) {
            hand.invalid("should not be greater than queues (" + queues.number() + ")");
        } else if (hand.number() > 0 && bits > HASH_BITS) {
            hand.invalid(
                    "required entropy bits of deckSize "
                            + queues.number()
                            + " and handSize "
                            + hand.number()
                            + " should not be greater than "
                            + HASH_BITS);
        } else {
            positive(hand);
        }
    }

    private static void positive(Field number) {
        if (number.number() <= 0) {
            number.invalid(number.number(), "must be positive");
        }
    }

    /** Of a hash that deals a hand from a deck without bias (shuffle sharding, KEP-1040). */
    private static long entropyBits(long deck, long hand) {
        return (long) Math.ceil(Math.log(deck) / Math.log(2) * hand);
    }

    @Override
    protected void statusRules(Field level, Field old) {
        Conditions.check(level.at("status", "conditions"));
    }
}
