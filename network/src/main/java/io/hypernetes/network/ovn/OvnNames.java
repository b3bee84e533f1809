package io.hypernetes.network.ovn;

import io.hypernetes.network.NetworkException;
import io.hypernetes.network.NetworkId;
import io.hypernetes.network.PolicyId;
import io.hypernetes.network.PortId;
import io.hypernetes.network.ServiceId;
import io.hypernetes.network.VirtualServer.Protocol;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * How things are called in the databases and in the kernel. The tenant comes first in every name
 * and no part can hold the slash that separates them, so that no tenant can name what is another's.
 *
 * <pre>
 * router, group of services   acme
 * logical switch              acme/default
 * switch of the outside       /outside
 * router's port there         acme/outside/gateway/port
 * pod's port                  acme/6f1c...              (two parts: tenant, pod uid)
 * port to the router          acme/default/router       (three parts)
 * router's port               acme/default/gateway
 * port on every machine       acme/default/local
 * services of that            acme/default/local/services/tcp
 * load balancer               acme/web/shop/tcp         (four parts: tenant, namespace, service)
 * what is each machine's own   acme/web/shop/tcp/own
 * its backends on a machine    own_ + 13 characters of a hash of that with address and port
 * policy's port group         np_ + 13 characters of a hash of acme/web/deny
 * pods with floating addresses fl_ + the same of the tenant
 * TAP                         hn + 13 characters of a hash of the pod's port
 * local port's device         hl + the same of the local port
 * </pre>
 */
final class OvnNames {

    private static final Pattern TENANT = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");
    private static final Pattern NETWORK = Pattern.compile("[a-z0-9]([-.a-z0-9]{0,251}[a-z0-9])?");
    private static final Pattern POD_UID = Pattern.compile("[A-Za-z0-9][-A-Za-z0-9]{0,127}");
    private static final int HASH_DIGITS = 13;

    private OvnNames() {}

    /** Of what a tenant has one. */
    static String ofTenant(String tenant) {
        require(TENANT, tenant, "tenant");
        return tenant;
    }

    /** The port of a tenant's router on the switch of the outside. */
    static String gateway(String tenant) {
        return ofTenant(tenant) + "/outside/gateway/port";
    }

    /** Letters, digits, the underscore and the dot are all that such a name may have. */
    static String of(PolicyId policy) {
        require(TENANT, policy.tenant(), "tenant");
        require(NETWORK, policy.namespace(), "namespace");
        require(NETWORK, policy.name(), "policy");
        return "np_" + digits(policy.toString());
    }

    /** The port group of a tenant's pods that have floating addresses. */
    static String floating(String tenant) {
        return "fl_" + digits(ofTenant(tenant) + "/floating");
    }

    static String of(ServiceId service, Protocol protocol) {
        require(TENANT, service.tenant(), "tenant");
        require(NETWORK, service.namespace(), "namespace");
        require(NETWORK, service.name(), "service");
        return service + "/" + protocol.text();
    }

    /** The load balancer of what each machine answers its own pods. */
    static String ownOf(ServiceId service, Protocol protocol) {
        return of(service, protocol) + "/own";
    }

    /** What stands for the backends of one address and port in such a load balancer. */
    static String variable(String balancer, String vip) {
        return "own_" + digits(balancer + " " + vip);
    }

    static String of(NetworkId network) {
        require(TENANT, network.tenant(), "tenant");
        require(NETWORK, network.name(), "network");
        return network.tenant() + "/" + network.name();
    }

    static String of(PortId port) {
        require(TENANT, port.tenant(), "tenant");
        require(POD_UID, port.podUid(), "pod uid");
        return port.tenant() + "/" + port.podUid();
    }

    static String routerSide(NetworkId network) {
        return of(network) + "/gateway";
    }

    static String switchSide(NetworkId network) {
        return of(network) + "/router";
    }

    /** The port of a network that is on every machine. */
    static String localPort(NetworkId network) {
        return of(network) + "/local";
    }

    /** The load balancer of the addresses that lead there. */
    static String localServices(NetworkId network, Protocol protocol) {
        return localPort(network) + "/services/" + protocol.text();
    }

    /** The device in the switch's namespace whose other end is in the local port's. */
    static String localDevice(NetworkId network) {
        return "hl" + digits(localPort(network));
    }

    static String tap(PortId port) {
        return "hn" + digits(of(port));
    }

    /** 13 digits of base 32 are 65 bits: two of a million pods collide once in 10^7 machines. */
    private static String digits(String text) {
        byte[] digest = sha256(text);
        StringBuilder name = new StringBuilder();
        long bits = 0;
        for (int i = 0; i < 8; i++) {
            bits = bits << 8 | digest[i] & 0xff;
        }
        for (int i = 0; i < HASH_DIGITS; i++) {
            name.append(Character.forDigit((int) (bits & 31), 32));
            bits >>>= 5;
        }
        return name.toString();
    }

    /**
     * A MAC that follows from network and address. Who gets the address of a pod that is gone has
     * its MAC too, so no neighbour remembers a wrong one. An IPv4 address can be read in it.
     */
    static String mac(NetworkId network, String address) {
        byte[] ip = Subnet.bytes(address);
        byte[] mac = new byte[6];
        if (ip.length == 4) {
            mac[1] = sha256(of(network))[0];
            System.arraycopy(ip, 0, mac, 2, ip.length);
        } else {
            System.arraycopy(sha256(of(network) + "/" + address), 0, mac, 1, 5);
        }
        mac[0] = 2; // locally administered
        return HexFormat.ofDelimiter(":").formatHex(mac);
    }

    /** Ten hexadecimal digits that stand for a long text. */
    static String digest(String text) {
        return HexFormat.of().formatHex(sha256(text), 0, 5);
    }

    private static void require(Pattern pattern, String value, String what) {
        if (!pattern.matcher(value).matches()) {
            throw new NetworkException("'" + value + "' cannot be the name of a " + what);
        }
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256")
                    .digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java platform has SHA-256
        }
    }
}
