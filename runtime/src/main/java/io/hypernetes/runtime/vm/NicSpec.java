package io.hypernetes.runtime.vm;

import java.util.regex.Pattern;

/**
 * A network interface to plug.
 *
 * @param id unique in the machine; letters, digits, dash and underscore
 * @param tap an existing TAP device of this node
 * @param mac six hexadecimal pairs with colons
 * @param mtu in bytes; the guest's interface comes up with it
 */
public record NicSpec(String id, String tap, String mac, int mtu) {

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,20}");
    private static final Pattern TAP = Pattern.compile("[A-Za-z0-9._-]{1,15}");
    private static final Pattern MAC = Pattern.compile("([0-9a-fA-F]{2}:){5}[0-9a-fA-F]{2}");

    public NicSpec {
        if (!ID.matcher(id).matches()
                || !TAP.matcher(tap).matches()
                || !MAC.matcher(mac).matches()
                || mtu < 576
                || mtu > 65535) {
            throw new IllegalArgumentException(
                    "not a network interface: " + id + ", " + tap + ", " + mac + ", " + mtu);
        }
    }
}
