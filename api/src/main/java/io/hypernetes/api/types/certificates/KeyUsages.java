package io.hypernetes.api.types.certificates;

import java.util.List;

/** What a certificate may be asked for, as {@code certificates.k8s.io} names it. */
final class KeyUsages {

    /** Sorted, as messages list them. */
    static final List<String> ALL =
            List.of(
                    "any",
                    "cert sign",
                    "client auth",
                    "code signing",
                    "content commitment",
                    "crl sign",
                    "data encipherment",
                    "decipher only",
                    "digital signature",
                    "email protection",
                    "encipher only",
                    "ipsec end system",
                    "ipsec tunnel",
                    "ipsec user",
                    "key agreement",
                    "key encipherment",
                    "microsoft sgc",
                    "netscape sgc",
                    "ocsp signing",
                    "s/mime",
                    "server auth",
                    "signing",
                    "timestamping");

    private KeyUsages() {}
}
