package io.hypernetes.network.dns;

import org.xbill.DNS.Record;

import java.util.List;

/** What is known about a name. */
sealed interface Answer {

    /** The name exists; no records means that it has none of this type. */
    record Records(List<Record> answers, List<Record> additional) implements Answer {
        Records(List<Record> answers) {
            this(answers, List.of());
        }
    }

    /** Nobody has this name in our zones. */
    record NoSuchName() implements Answer {}

    /** Not ours to know. */
    record Elsewhere() implements Answer {}

    Answer NOTHING_OF_THIS_TYPE = new Records(List.of());
    Answer NO_SUCH_NAME = new NoSuchName();
    Answer ELSEWHERE = new Elsewhere();
}
